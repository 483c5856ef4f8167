import { getGraphQLRateLimiter, RedisStore } from 'graphql-rate-limit';
import type { Plugin } from 'graphql-yoga';
import type { Redis } from 'ioredis';
import type { Context } from '../schema/context.js';

const limits: Record<string, { max: number; window: string }> = {
  bid: { max: 20, window: '1m' },
  rename: { max: 5, window: '10s' },
};

export function rateLimits(redis: Redis): Plugin<Context> {
  const limiter = getGraphQLRateLimiter<Context>({
    identifyContext: (context) => context.user?.id ?? 'guest',
    store: new RedisStore(redis),
  });
  return {
    async onParams({ params }) {
      const rule = limits[params.operationName ?? ''];
      if (!rule) return;
      const message = await limiter({ parent: {}, args: {}, context: {} as Context, info: { fieldName: params.operationName } as never }, rule);
      if (message) throw new Error(message);
    },
  };
}
