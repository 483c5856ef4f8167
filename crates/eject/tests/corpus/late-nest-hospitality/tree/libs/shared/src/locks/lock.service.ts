import { randomBytes } from 'node:crypto';
import { ConflictException, Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { REDIS } from '../redis/redis.constants';

@Injectable()
export class LockService {
  constructor(@Inject(REDIS) private readonly redis: Redis) {
    this.redis.defineCommand('release', {
      numberOfKeys: 1,
      lua: `return redis.call('get', KEYS[1]) == ARGV[1] and redis.call('del', KEYS[1]) or 0`,
    });
  }

  async exclusively<T>(name: string, milliseconds: number, work: () => Promise<T>): Promise<T> {
    const key = `lock:${name}`;
    const token = randomBytes(16).toString('hex');
    if (!(await this.redis.set(key, token, 'PX', milliseconds, 'NX'))) {
      throw new ConflictException(`${name} is busy`);
    }
    try {
      return await work();
    } finally {
      await (this.redis as any).release(key, token);
    }
  }
}
