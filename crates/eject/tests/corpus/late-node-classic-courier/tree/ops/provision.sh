#!/bin/sh
set -eu
apt-get update
apt-get install -y mysql-server redis-server nginx
systemctl enable --now redis-server
install -m 0644 nginx.conf /etc/nginx/sites-enabled/courier
