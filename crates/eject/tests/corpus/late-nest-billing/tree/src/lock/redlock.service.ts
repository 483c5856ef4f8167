import { InjectRedis } from '@nestjs-modules/ioredis';
import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';

/** Was tried and given up for LockService; no module provides it. */
@Injectable()
export class RedlockService {
  constructor(@InjectRedis() private readonly redis: Redis) {}

  async extend(key: string, ms: number) {
    return (await this.redis.pexpire(`lock:${key}`, ms)) === 1;
  }
}
