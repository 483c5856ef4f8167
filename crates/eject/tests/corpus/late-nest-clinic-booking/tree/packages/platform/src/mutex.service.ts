import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import Redlock from 'redlock';
import { InjectKv } from './kv/kv.decorators';

@Injectable()
export class MutexService {
  private readonly redlock: Redlock;

  constructor(@InjectKv() kv: Redis) {
    this.redlock = new Redlock([kv], { retryCount: 8, retryDelay: 150, retryJitter: 50 });
  }

  async run<T>(name: string, ms: number, fn: () => Promise<T>): Promise<T> {
    return this.redlock.using([`mutex:${name}`], ms, async (signal) => {
      const result = await fn();
      if (signal.aborted) throw signal.error;
      return result;
    });
  }
}
