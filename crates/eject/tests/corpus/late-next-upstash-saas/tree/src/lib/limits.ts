import { Ratelimit } from "@upstash/ratelimit";
import { redis } from "./redis";

const ephemeralCache = new Map<string, number>();

export const apiLimit = new Ratelimit({
  redis,
  ephemeralCache,
  analytics: true,
  prefix: "saas:api",
  limiter: Ratelimit.slidingWindow(60, "1 m"),
});

export const aiLimit = new Ratelimit({
  redis,
  prefix: "saas:ai",
  limiter: Ratelimit.tokenBucket(5, "1 h", 20),
});
