import IORedis from "ioredis";

export const open = () => new IORedis(process.env.REDIS_URL!);
