import Redis = require("ioredis");

export const assigned: Redis.Redis = new Redis();
