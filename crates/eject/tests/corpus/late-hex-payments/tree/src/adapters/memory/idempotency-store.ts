import { LRUCache } from "lru-cache";
import { injectable } from "tsyringe";
import type { IdempotencyStore } from "../../domain/ports";

/** What RedisIdempotencyStore does, for one process. */
@injectable()
export class InMemoryIdempotencyStore implements IdempotencyStore {
  private readonly redis = new LRUCache<string, object>({ max: 1_000, ttl: 60_000 });

  async claim(key: string): Promise<unknown | "new"> {
    return this.redis.get(key) ?? "new";
  }

  async complete(key: string, response: unknown): Promise<void> {
    this.redis.set(key, response as object);
  }
}
