import { LRUCache } from "lru-cache";

const cache = new LRUCache<string, object>({ max: 500, ttl: 30_000 });

export function memo<T extends object>(key: string, make: () => T): T {
  const known = cache.get(key) as T | undefined;
  if (known) return known;
  const value = make();
  cache.set(key, value);
  return value;
}
