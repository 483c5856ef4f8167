import Redis from "ioredis";
