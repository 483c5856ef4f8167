import "server-only";
import { Redis } from "@upstash/redis";
import { env } from "~/env";

/** By HTTP, so that it works at the edge as well. */
export const upstash = new Redis({
  url: env.UPSTASH_REDIS_REST_URL,
  token: env.UPSTASH_REDIS_REST_TOKEN,
  enableAutoPipelining: true,
});
