import RedisMock from 'ioredis-mock';
import { expect, test, vi } from 'vitest';
import { AuctionService } from '../src/services/AuctionService.js';

vi.mock('redlock', () => ({
  default: class {
    on() {}
    acquire = async () => ({ release: async () => {} });
  },
}));

test('a lower bid is refused', async () => {
  const redis = new RedisMock();
  const pubsub = { publish: vi.fn() };
  const db = () => ({ insert: async () => [] });
  const auctions = new AuctionService(redis, pubsub as never, db as never);
  await redis.zadd('auction:1', 500, 'ada');
  await expect(auctions.bid('1', 'bob', 400)).rejects.toThrow('higher');
  expect(pubsub.publish).not.toHaveBeenCalled();
});
