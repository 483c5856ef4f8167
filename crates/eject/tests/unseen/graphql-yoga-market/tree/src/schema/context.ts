import type { Redis } from 'ioredis';
import type { RedisPubSub } from 'graphql-redis-subscriptions';
import type { Container } from '../container.js';
import type { createLoaders } from '../loaders.js';

export interface Context {
  user: { id: string; role: 'buyer' | 'seller' } | null;
  loaders: ReturnType<typeof createLoaders>;
  pubsub: RedisPubSub;
  redis: Redis;
  services: Pick<Container, 'auctions' | 'carts' | 'catalog' | 'prices' | 'rates'>;
}
