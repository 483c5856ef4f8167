import { RateLimiterMemory, RateLimiterRedis, type IRateLimiterOptions } from "rate-limiter-flexible";
import { kv } from "@libs/kv";

export function limiter(name: string, points: number, seconds: number, extra: Partial<IRateLimiterOptions> = {}) {
  return new RateLimiterRedis({
    storeClient: kv(),
    keyPrefix: `rl:${name}`,
    points,
    duration: seconds,
    inMemoryBlockOnConsumed: points * 2,
    insuranceLimiter: new RateLimiterMemory({ points, duration: seconds }),
    ...extra,
  });
}

export const localLimiter = (perSecond: number) => new RateLimiterMemory({ points: perSecond, duration: 1 });
