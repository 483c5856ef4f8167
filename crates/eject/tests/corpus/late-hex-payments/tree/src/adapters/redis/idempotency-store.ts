import { inject, injectable } from "tsyringe";
import type { IdempotencyStore } from "../../domain/ports";
import { TOKENS } from "../../tokens";
import type { RedisConnection } from "./connection";

const PENDING = "pending";

@injectable()
export class RedisIdempotencyStore implements IdempotencyStore {
  constructor(@inject(TOKENS.Redis) private readonly redis: RedisConnection) {}

  async claim(key: string, ttl: number): Promise<unknown | "new"> {
    const taken = await this.redis.set(this.key(key), PENDING, "EX", ttl, "NX");
    if (taken === "OK") return "new";
    const stored = await this.redis.get(this.key(key));
    if (stored === null || stored === PENDING) throw new Error("in progress");
    return JSON.parse(stored);
  }

  async complete(key: string, response: unknown): Promise<void> {
    await this.redis
      .pipeline()
      .setex(this.key(key), 86_400, JSON.stringify(response))
      .publish(`idempotency:${key}`, "done")
      .exec();
  }

  private key(key: string): string {
    return `{payments}:idempotency:${key}`;
  }
}
