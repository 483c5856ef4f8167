import { Injectable } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { InjectRepository } from '@nestjs/typeorm';
import { randomUUID } from 'node:crypto';
import Redis from 'ioredis';
import { LessThan, Repository } from 'typeorm';
import { InjectRedis } from '@app/redis';
import { Order } from './order.entity';

const RELEASE = `
if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) else return 0 end
`;

@Injectable()
export class SettlementCron {
  constructor(
    @InjectRedis() private readonly redis: Redis,
    @InjectRepository(Order) private readonly orders: Repository<Order>,
  ) {}

  /** All replicas have the same clock; one of them gets the lock. */
  @Cron(CronExpression.EVERY_DAY_AT_2AM)
  async settle() {
    const owner = randomUUID();
    const got = await this.redis.set('lock:settlement', owner, 'PX', 120_000, 'NX');
    if (got !== 'OK') return;
    try {
      await this.orders.update({ state: 'paid', cents: LessThan(1_000_000) }, { state: 'settled' });
    } finally {
      await this.redis.eval(RELEASE, 1, 'lock:settlement', owner);
    }
  }
}
