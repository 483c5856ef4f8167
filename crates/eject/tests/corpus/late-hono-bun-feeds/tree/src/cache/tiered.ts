import { LRUCache } from "lru-cache";
import type { Kv } from "#kv/connection";

/** First in the process, then in the store. */
export class Tiered<K extends string, V extends object> {
  readonly #near: LRUCache<K, V>;
  readonly #far: Kv;
  #misses = 0;

  constructor(far: Kv, readonly prefix: string, max = 1_000) {
    this.#far = far;
    this.#near = new LRUCache({ max, ttl: 10_000 });
  }

  get misses() {
    return this.#misses;
  }

  async get(key: K): Promise<V | undefined> {
    const near = this.#near.get(key);
    if (near) return near;
    const fields = await this.#far.hGetAll(`${this.prefix}:${key}`);
    if (Object.keys(fields).length === 0) {
      this.#misses += 1;
      return undefined;
    }
    const value = { ...fields } as V;
    this.#near.set(key, value);
    return value;
  }

  async set(key: K, value: V, seconds = 3_600): Promise<void> {
    this.#near.set(key, value);
    await this.#far
      .multi()
      .hSet(`${this.prefix}:${key}`, value as Record<string, string>)
      .expire(`${this.prefix}:${key}`, seconds)
      .exec();
  }
}
