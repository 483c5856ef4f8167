import { Ratelimit } from "@upstash/ratelimit";
import { redis } from "./redis";

// outlives a request when the function stays warm
const ephemeralCache = new Map<string, number>();

export const apiLimit = new Ratelimit({
  redis,
  limiter: Ratelimit.slidingWindow(60, "1 m"),
  prefix: "rl:api",
  ephemeralCache,
  analytics: true,
});
