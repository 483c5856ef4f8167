import { randomUUID } from 'node:crypto';
import { InjectRedis } from '@nestjs-modules/ioredis';
import { ConflictException, Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { LOCK_OPTIONS, type LockOptions } from './lock.options';

const RELEASE = `
  if redis.call("get", KEYS[1]) == ARGV[1] then
    return redis.call("del", KEYS[1])
  end
  return 0
`;

@Injectable()
export class LockService {
  constructor(
    @InjectRedis() private readonly client: Redis,
    @Inject(LOCK_OPTIONS) private readonly options: LockOptions,
  ) {}

  async withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
    const token = randomUUID();
    const key = `lock:${name}`;
    const taken = await this.client.set(key, token, 'PX', this.options.ttl, 'NX');
    if (taken !== 'OK') throw new ConflictException(`${name} is being worked on`);
    try {
      return await work();
    } finally {
      await this.client.eval(RELEASE, 1, key, token);
    }
  }
}
