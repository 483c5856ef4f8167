import Redis from "ioredis";
import { RateLimiterRedis, RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

const client = new Redis(process.env.REDIS_URL ?? "redis://localhost:6379", { enableOfflineQueue: false });

const insurance = new RateLimiterMemory({ points: 3, duration: 300 });

const failures = new RateLimiterRedis({
  storeClient: client,
  keyPrefix: "totp_fail",
  points: 5,
  duration: 15 * 60,
  blockDuration: 15 * 60,
  insuranceLimiter: insurance,
});

export async function assertAllowed(user: string): Promise<void> {
  const state = await failures.get(user);
  if (state !== null && state.consumedPoints >= 5) throw new Error("locked");
}

export async function recordFailure(user: string): Promise<void> {
  try {
    await failures.consume(user);
  } catch (rejection) {
    if (rejection instanceof RateLimiterRes) return;
    throw rejection;
  }
}

export async function reset(user: string): Promise<void> {
  await failures.delete(user);
}
