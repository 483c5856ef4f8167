import { readFile } from "node:fs/promises";
import type { RedisClientType } from "redis";

const script = await readFile(new URL("./take.lua", import.meta.url), "utf8");

interface Options {
  capacity: number;
  perSecond: number;
}

export class TokenBucket {
  #sha?: string;

  constructor(private readonly redis: RedisClientType<any, any, any>, private readonly options: Options) {}

  async take(tenant: string, cost: number): Promise<{ allowed: boolean; retryAfterMs: number }> {
    this.#sha ??= await this.redis.scriptLoad(script);
    const { capacity, perSecond } = this.options;
    const [allowed, wait] = (await this.redis.evalSha(this.#sha, {
      keys: [`bucket:${tenant}`],
      arguments: [capacity, perSecond, cost, Date.now()].map(String),
    })) as [number, number];
    return { allowed: allowed === 1, retryAfterMs: wait };
  }
}
