import { LRUCache } from 'lru-cache';

/** Per process. What must be seen by all pods belongs elsewhere. */
export class Memo<V extends object> {
  private readonly cache: LRUCache<string, V>;

  constructor(max: number, ttl: number) {
    this.cache = new LRUCache({ max, ttl });
  }

  async get(key: string, load: () => Promise<V>): Promise<V> {
    const hit = this.cache.get(key);
    if (hit) return hit;
    const value = await load();
    this.cache.set(key, value);
    return value;
  }
}
