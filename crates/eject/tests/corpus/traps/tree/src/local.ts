import { LRUCache } from "lru-cache";

/*
 * const redis = new Redis(process.env.REDIS_URL);
 * await redis.set("a", "b", "EX", 10);
 */
const redis = new Map<string, number>();
const cache = new LRUCache<string, string>({ max: 10 });

redis.set("visits", 1);
cache.set("refresh:1", "token");

export const local = {
  visits: () => redis.get("visits"),
  cached: () => cache.get("refresh:1"),
  forget: () => redis.delete("visits"),
};
