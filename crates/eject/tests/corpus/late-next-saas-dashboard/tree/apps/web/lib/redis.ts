import { Redis } from "@upstash/redis";
import { env } from "./env";

export const redis = new Redis({
  url: env.UPSTASH_REDIS_REST_URL,
  token: env.UPSTASH_REDIS_REST_TOKEN,
  enableAutoPipelining: true,
  retry: { retries: 2, backoff: (n) => Math.exp(n) * 50 },
});

export const keys = {
  usage: (team: string, day: string) => `usage:${team}:${day}`,
  code: (email: string) => `code:${email.toLowerCase()}`,
};
