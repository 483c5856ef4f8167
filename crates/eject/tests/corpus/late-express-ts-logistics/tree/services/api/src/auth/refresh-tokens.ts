import { createHash, randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import type { AppConfig } from "@haul/platform";

const hash = (token: string) => createHash("sha256").update(token).digest("base64url");

interface Family {
  userId: string;
  familyId: string;
}

/**
 * Refresh tokens are rotated: each can be used once. If one is used twice then somebody
 * has stolen it, and the whole family is revoked.
 */
export class RefreshTokens {
  private readonly ttl: number;

  constructor(private readonly redis: Redis, config: AppConfig) {
    this.ttl = config.auth.refreshTtlSeconds;
  }

  async issue(userId: string, familyId = randomBytes(9).toString("base64url")): Promise<string> {
    const token = randomBytes(32).toString("base64url");
    const tx = this.redis.multi();
    tx.setex(`rt:${hash(token)}`, this.ttl, JSON.stringify({ userId, familyId } satisfies Family));
    tx.sadd(`rt:family:${familyId}`, hash(token));
    tx.expire(`rt:family:${familyId}`, this.ttl);
    await tx.exec();
    return token;
  }

  async rotate(token: string): Promise<{ userId: string; refreshToken: string } | null> {
    const key = `rt:${hash(token)}`;
    const raw = await this.redis.get(key);
    if (raw === null) return null;
    const known = JSON.parse(raw) as Family;

    const first = await this.redis.set(`rt:used:${hash(token)}`, "1", "EX", this.ttl, "NX");
    if (first === null) {
      await this.revoke(known.familyId);
      return null;
    }
    return { userId: known.userId, refreshToken: await this.issue(known.userId, known.familyId) };
  }

  async revoke(familyId: string): Promise<void> {
    const members = await this.redis.smembers(`rt:family:${familyId}`);
    if (members.length === 0) return;
    await this.redis.unlink(`rt:family:${familyId}`, ...members.map((member) => `rt:${member}`));
  }
}
