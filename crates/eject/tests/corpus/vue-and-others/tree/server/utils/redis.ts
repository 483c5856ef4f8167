import { Redis } from "ioredis";

let client: Redis | undefined;

export const useRedis = () => (client ??= new Redis(useRuntimeConfig().redisUrl));
