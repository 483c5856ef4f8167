import { Redis, type RedisOptions } from "ioredis";
import { config } from "../config.js";

const options: RedisOptions = { ...config.redis, maxRetriesPerRequest: null };
export const redis = new Redis(options);

redis.on("error", (error) => console.error("redis", error));

export async function closeRedis(): Promise<void> {
  await redis.quit();
}
