import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis";
import type { HttpRequest, HttpResponseInit } from "@azure/functions";

const ratelimit = new Ratelimit({
  redis: Redis.fromEnv(),
  limiter: Ratelimit.slidingWindow(100, "1 m"),
  prefix: "dashboard",
});

export async function limited(request: HttpRequest): Promise<HttpResponseInit | undefined> {
  const { success, reset } = await ratelimit.limit(request.headers.get("x-api-key") ?? "anonymous");
  if (success) return undefined;
  return { status: 429, headers: { "Retry-After": String(Math.ceil((reset - Date.now()) / 1000)) } };
}
