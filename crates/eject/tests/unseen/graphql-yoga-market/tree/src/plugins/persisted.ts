import { useAPQ, type APQStore } from '@graphql-yoga/plugin-apq';
import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import type { Redis } from 'ioredis';
import { env } from '../env.js';

class RedisApqStore implements APQStore {
  constructor(private readonly client: Redis) {}

  async get(hash: string) {
    return (await this.client.getex(`apq:${hash}`, 'EX', env.APQ_TTL_SECONDS)) ?? undefined;
  }

  set(hash: string, query: string) {
    return this.client.set(`apq:${hash}`, query, 'EX', env.APQ_TTL_SECONDS, 'NX');
  }
}

export const persisted = (redis: Redis) => [
  usePersistedOperations({
    allowArbitraryOperations: true,
    getPersistedOperation: (id) => redis.hget('persisted', id),
  }),
  useAPQ({ store: new RedisApqStore(redis) }),
];
