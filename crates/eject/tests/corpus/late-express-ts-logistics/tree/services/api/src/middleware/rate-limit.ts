import type { RequestHandler } from "express";
import type { Redis } from "ioredis";
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";

export interface Limiters {
  api: BurstyRateLimiter;
  login: RateLimiterRedis;
}

export function createLimiters(storeClient: Redis): Limiters {
  const insuranceLimiter = new RateLimiterMemory({ points: 60, duration: 10 });
  return {
    api: new BurstyRateLimiter(
      new RateLimiterRedis({ storeClient, keyPrefix: "rl:api", points: 20, duration: 1, insuranceLimiter }),
      new RateLimiterRedis({ storeClient, keyPrefix: "rl:burst", points: 100, duration: 30 }),
    ),
    login: new RateLimiterRedis({
      storeClient,
      keyPrefix: "rl:login",
      points: 5,
      duration: 15 * 60,
      blockDuration: 30 * 60,
      inMemoryBlockOnConsumed: 6,
    }),
  };
}

export const perAddress =
  ({ api }: Limiters): RequestHandler =>
  async (req, res, next) => {
    try {
      await api.consume(req.ip ?? "unknown");
      next();
    } catch (rejected) {
      if (!(rejected instanceof RateLimiterRes)) return next(rejected);
      res.set("Retry-After", String(Math.ceil(rejected.msBeforeNext / 1_000)));
      res.status(429).json({ error: "too_many_requests" });
    }
  };
