import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { REDIS } from '../redis/redis.constants';

@Injectable()
export class LockService {
  constructor(@Inject(REDIS) private readonly redis: Redis) {}

  async withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
    const token = Math.random().toString(36);
    const taken = await this.redis.set(`lock:${name}`, token, 'PX', 30_000, 'NX');
    if (!taken) throw new Error('busy');
    try {
      return await work();
    } finally {
      await this.redis.eval("if redis.call('get',KEYS[1])==ARGV[1] then return redis.call('del',KEYS[1]) end", 1, `lock:${name}`, token);
    }
  }
}
