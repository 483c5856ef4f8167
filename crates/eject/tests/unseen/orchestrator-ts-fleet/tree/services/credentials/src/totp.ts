import { authenticator } from "otplib";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { createRedis, key } from "@fleet/redis-kit";

const redis = createRedis("credentials");

const attempts = new RateLimiterRedis({
  storeClient: redis,
  keyPrefix: "totp:fail",
  points: 5,
  duration: 15 * 60,
  blockDuration: 60 * 60,
  insuranceLimiter: new RateLimiterMemory({ points: 2, duration: 15 * 60 }),
});

export type Verdict = "ok" | "wrong" | "locked";

export async function verify(userId: string, secret: string, code: string): Promise<Verdict> {
  // The same code must not be good twice within its step.
  const fresh = await redis.set(key("totp", "used", userId, code), 1, "EX", 90, "NX");
  if (fresh && authenticator.check(code, secret)) {
    await attempts.delete(userId);
    return "ok";
  }
  try {
    await attempts.consume(userId);
    return "wrong";
  } catch (err) {
    if (err instanceof RateLimiterRes) return "locked";
    throw err;
  }
}
