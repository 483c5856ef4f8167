import { Cluster } from "ioredis";

export const connection = new Cluster([{ host: process.env.REDIS_HOST!, port: 6379 }]);
