import { LRUCache } from 'lru-cache'

export interface KeyValue {
  get(key: string): Promise<string | null>
  set(key: string, value: string, ttlSeconds: number): Promise<unknown>
  del(...keys: string[]): Promise<number>
}

/** What a test or a laptop on a train gets. */
export class MemoryKeyValue implements KeyValue {
  readonly #entries = new LRUCache<string, string>({ max: 10_000 })

  async get(key: string) {
    return this.#entries.get(key) ?? null
  }

  async set(key: string, value: string, ttlSeconds: number) {
    this.#entries.set(key, value, { ttl: ttlSeconds * 1000 })
  }

  async del(...keys: string[]) {
    return keys.filter((key) => this.#entries.delete(key)).length
  }
}
