import type Redis from "ioredis";

export class Limiter {
  constructor(private redis: Redis) {}

  async check(now: number) {
    const n = await this.redis.incr(`ratelimit:${Math.floor(now / 60_000)}`);
    if (n === 1) await this.redis.expire(`ratelimit:${Math.floor(now / 60_000)}`, 60);
    return { allowed: n <= 100 };
  }
}
