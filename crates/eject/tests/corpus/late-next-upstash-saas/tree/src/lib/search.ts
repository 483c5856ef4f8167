import { Index } from "@upstash/vector";
import { LRUCache } from "lru-cache";

const index = Index.fromEnv();
const cache = new LRUCache<string, string[]>({ max: 1_000, ttl: 1000 * 60 });

export async function search(query: string) {
  const cached = cache.get(query);
  if (cached) return cached;
  const hits = await index.query({ data: query, topK: 5 });
  const ids = hits.map((hit) => String(hit.id));
  cache.set(query, ids);
  return ids;
}
