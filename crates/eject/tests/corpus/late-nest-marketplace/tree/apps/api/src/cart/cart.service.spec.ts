import { Test } from '@nestjs/testing';
import RedisMock from 'ioredis-mock';
import { REDIS } from '@app/redis';
import { CartService } from './cart.service';

describe('CartService', () => {
  let cart: CartService;
  const redis = new RedisMock();

  beforeEach(async () => {
    await redis.flushall();
    const module = await Test.createTestingModule({
      providers: [CartService, { provide: REDIS, useValue: redis }],
    }).compile();
    cart = module.get(CartService);
  });

  it('adds up', async () => {
    await cart.add('u', 'mug', 1);
    expect(await cart.add('u', 'mug', 2)).toBe(3);
    expect(await redis.ttl('cart:u')).toBeGreaterThan(0);
  });
});
