import type { RequestHandler } from "express";
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from "rate-limiter-flexible";
import type { RedisConnection } from "../redis/connection";

export function rateLimit(redis: RedisConnection): RequestHandler {
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: "{payments}:limit",
    points: 100,
    duration: 60,
    blockDuration: 30,
    insuranceLimiter: new RateLimiterMemory({ points: 20, duration: 60 }),
  });
  return async (request, response, next) => {
    try {
      await limiter.consume(request.ip ?? "unknown", request.path.startsWith("/payments") ? 5 : 1);
      next();
    } catch (reason) {
      if (reason instanceof Error) return next(reason);
      response.set("Retry-After", String(Math.ceil((reason as RateLimiterRes).msBeforeNext / 1000)));
      response.sendStatus(429);
    }
  };
}
