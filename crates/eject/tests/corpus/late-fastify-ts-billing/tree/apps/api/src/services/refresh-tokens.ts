import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Redis, Result } from "ioredis";

declare module "ioredis" {
  interface RedisCommander<Context> {
    rotateRefresh(family: string, presented: string, next: string, ttl: number): Result<number, Context>;
  }
}

const TTL = 30 * 24 * 3_600;
const hash = (token: string) => createHash("sha256").update(token).digest("base64url");

export class RefreshTokens {
  constructor(private readonly redis: Redis) {
    redis.defineCommand("rotateRefresh", {
      numberOfKeys: 1,
      lua: readFileSync(new URL("../lua/rotate.lua", import.meta.url), "utf8"),
    });
  }

  async issue(customerId: string): Promise<{ family: string; token: string }> {
    const family = randomBytes(12).toString("hex");
    const token = randomBytes(32).toString("base64url");
    await this.redis
      .multi()
      .hset(`billing:rt:${family}`, { token: hash(token), customerId, issuedAt: Date.now() })
      .expire(`billing:rt:${family}`, TTL)
      .sadd(`billing:rt-of:${customerId}`, family)
      .exec();
    return { family, token };
  }

  async rotate(family: string, presented: string) {
    const token = randomBytes(32).toString("base64url");
    const result = await this.redis.rotateRefresh(`billing:rt:${family}`, hash(presented), hash(token), TTL);
    if (result === 1) return { token, customerId: await this.redis.hget(`billing:rt:${family}`, "customerId") };
    // presented twice: stolen. Access tokens of the family end with it.
    if (result === -1) await this.redis.sadd("billing:revoked", family);
    return undefined;
  }

  async revokeAll(customerId: string): Promise<number> {
    const families = await this.redis.smembers(`billing:rt-of:${customerId}`);
    if (families.length === 0) return 0;
    const pipeline = this.redis.pipeline();
    for (const family of families) {
      pipeline.del(`billing:rt:${family}`);
    }
    await pipeline.exec();
    return families.length;
  }
}
