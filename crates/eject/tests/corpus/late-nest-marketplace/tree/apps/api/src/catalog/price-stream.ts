import { Inject, Injectable, OnModuleInit } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import type { Redis } from 'ioredis';
import { Subject } from 'rxjs';
import { REDIS, REDIS_SUBSCRIBER } from '@app/redis';

export interface PriceChange {
  sku: string;
  cents: number;
}

@Injectable()
export class PriceStream implements OnModuleInit {
  readonly changes = new Subject<PriceChange>();

  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(REDIS_SUBSCRIBER) private readonly subscriber: Redis,
  ) {}

  async onModuleInit() {
    this.subscriber.on('message', (channel: string, message: string) => {
      if (channel === 'prices') this.changes.next(JSON.parse(message));
    });
    await this.subscriber.subscribe('prices');
  }

  @OnEvent('price.changed')
  async announce(change: PriceChange) {
    await this.redis.publish('prices', JSON.stringify(change));
  }
}
