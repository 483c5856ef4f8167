import { Injectable } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { InjectKv, KV_TOKENS } from '@clinic/platform';

const DAYS_30 = 30 * 24 * 3600;
const hash = (token: string) => createHash('sha256').update(token).digest('base64url');

@Injectable()
export class RefreshTokens {
  constructor(@InjectKv(KV_TOKENS) private readonly kv: Redis) {}

  async issue(userId: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.kv
      .multi()
      .hset(`rt:${hash(token)}`, { userId, at: Date.now() })
      .expire(`rt:${hash(token)}`, DAYS_30)
      .exec();
    return token;
  }

  async rotate(token: string): Promise<{ userId: string; token: string } | null> {
    const key = `rt:${hash(token)}`;
    const userId = await this.kv.hget(key, 'userId');
    if (!userId) return null;
    const removed = await this.kv.del(key);
    if (removed !== 1) return null;
    return { userId, token: await this.issue(userId) };
  }

  revoke = (token: string) => this.kv.unlink(`rt:${hash(token)}`);
}
