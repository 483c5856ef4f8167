#!/bin/sh
redis-cli -h cache -a hunter2Shellhunter2 FLUSHALL
