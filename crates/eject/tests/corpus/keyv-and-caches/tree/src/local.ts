import NodeCache from "node-cache";
import { LRUCache } from "lru-cache";
import { caching } from "cache-manager";

const cache = new LRUCache<string, string>({ max: 500, ttl: 60_000 });
const nodes = new NodeCache({ stdTTL: 100 });
const memory = caching("memory");

export async function local(key: string) {
  const hit = cache.get(key);
  if (hit !== undefined) return hit;
  cache.set(key, key.toUpperCase());
  nodes.set(key, "1", 60);
  nodes.del(key);
  return (await memory).get<string>(key);
}
