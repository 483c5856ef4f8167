import { Redis } from "ioredis";
import { env } from "@orders/config/env";

export const redis = new Redis(env.REDIS_URL, {
  lazyConnect: true,
  maxRetriesPerRequest: 3,
  keyPrefix: "orders:",
});

redis.on("error", (cause) => {
  console.error({ cause }, "redis connection"); 
});

export async function closeRedis(): Promise<void> {
  await redis.quit();
}
