import { Redis } from "ioredis";
import { config } from "./config.js";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";

const insurance = new RateLimiterMemory({ points: 5, duration: 60 });

const limiter = new RateLimiterRedis({
  storeClient: new Redis({ host: config.redis.host, enableOfflineQueue: false }),
  keyPrefix: "login",
  points: config.logins,
  duration: 60,
  insuranceLimiter: insurance,
});

export async function mayLogIn(user: string): Promise<boolean> {
  try {
    await limiter.consume(user);
    return true;
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return false;
    throw refused;
  }
}
