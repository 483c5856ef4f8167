import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis";

const cache = new Map<string, number>();

export const redis = Redis.fromEnv();

export const apiLimit = new Ratelimit({
  redis,
  limiter: Ratelimit.slidingWindow(60, "1 m"),
  prefix: "dash:api",
  ephemeralCache: cache,
  analytics: true,
});
