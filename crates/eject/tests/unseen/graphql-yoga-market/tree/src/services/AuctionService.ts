import { randomUUID } from 'node:crypto';
import type { RedisPubSub } from 'graphql-redis-subscriptions';
import type { Redis } from 'ioredis';
import Redlock from 'redlock';
import type { Db } from '../infra/db.js';

export interface Bid {
  id: string;
  cents: number;
  at: Date;
}

export class AuctionService {
  private readonly locks: Redlock;

  constructor(
    private readonly redis: Redis,
    private readonly pubsub: RedisPubSub,
    private readonly db: Db,
  ) {
    this.locks = new Redlock([redis], { retryCount: 3, retryDelay: 80, automaticExtensionThreshold: 200 });
  }

  async bid(auction: string, user: string, cents: number): Promise<Bid> {
    const lock = await this.locks.acquire([`locks:auction:${auction}`], 2_000);
    try {
      const [, highest] = await this.redis.zrevrange(`auction:${auction}`, 0, 0, 'WITHSCORES');
      if (highest && Number(highest) >= cents) throw new Error('there is a higher bid');
      const bid: Bid = { id: randomUUID(), cents, at: new Date() };
      await this.redis.incr(`stats:day:${bid.at.toISOString().slice(0, 10)}`);
      await this.redis.zadd(`auction:${auction}`, 'GT', cents, user);
      await this.db('bids').insert({ ...bid, auction, user });
      await this.pubsub.publish(`bids.${auction}`, { bid });
      return bid;
    } finally {
      await lock.release();
    }
  }

  history(auction: string): Promise<Bid[]> {
    return this.db('bids').where({ auction }).orderBy('at', 'desc').limit(50);
  }

  /** Called by the job; the instance that is second finds the lock taken and leaves. */
  close(auction: string): Promise<void> {
    return this.locks.using([`locks:close:${auction}`], 10_000, async (signal) => {
      const [winner] = await this.redis.zrange(`auction:${auction}`, 0, 0, 'REV');
      if (signal.aborted) throw signal.error;
      await this.db('auctions').where({ id: auction }).update({ winner, closed: true });
      await this.redis.unlink(`auction:${auction}`);
    });
  }
}
