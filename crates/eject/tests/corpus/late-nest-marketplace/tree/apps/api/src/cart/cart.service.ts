import { Inject, Injectable } from '@nestjs/common';
import Redis from 'ioredis';
import { REDIS } from '@app/redis';

export interface CartLine {
  sku: string;
  quantity: number;
}

const WEEK = 7 * 24 * 60 * 60;

@Injectable()
export class CartService {
  constructor(@Inject(REDIS) private readonly redis: Redis) {}

  async add(user: string, sku: string, quantity: number): Promise<number> {
    const replies = await this.redis
      .multi()
      .hincrby(`cart:${user}`, sku, quantity)
      .expire(`cart:${user}`, WEEK)
      .exec();
    return Number(replies?.[0]?.[1] ?? 0);
  }

  async lines(user: string): Promise<CartLine[]> {
    const all = await this.redis.hgetall(`cart:${user}`);
    return Object.entries(all).map(([sku, quantity]) => ({ sku, quantity: Number(quantity) }));
  }

  async clear(user: string): Promise<void> {
    await this.redis.unlink(`cart:${user}`);
  }
}
