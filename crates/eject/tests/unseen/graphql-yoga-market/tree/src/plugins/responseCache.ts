import { useResponseCache } from '@graphql-yoga/plugin-response-cache';
import type { createRedisCache } from '@envelop/response-cache-redis';

export const responseCache = (cache: ReturnType<typeof createRedisCache>) =>
  useResponseCache({
    cache,
    session: (request) => request.headers.get('authorization'),
    ttl: 30_000,
    ttlPerType: { Bid: 0, Product: 300_000 },
  });
