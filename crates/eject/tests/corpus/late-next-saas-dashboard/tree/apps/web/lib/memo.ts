import { LRUCache } from "lru-cache";

const store = new LRUCache<string, object>({ max: 200, ttl: 15_000 });

export async function memo<T extends object>(key: string, load: () => Promise<T>): Promise<T> {
  const hit = store.get(key) as T | undefined;
  if (hit) return hit;
  const value = await load();
  store.set(key, value);
  return value;
}
