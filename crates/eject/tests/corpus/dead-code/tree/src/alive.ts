import Redis from "ioredis";

const redis = new Redis();
export const get = (key: string) => redis.get(key);
