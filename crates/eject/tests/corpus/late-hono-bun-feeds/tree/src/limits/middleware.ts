import { createMiddleware } from "hono/factory";
import { rateLimiter } from "hono-rate-limiter";
import { kv } from "../kv/connection";
import { slidingWindow } from "./sliding-window";

const clientOf = (headers: Headers) => headers.get("fly-client-ip") ?? "unknown";

/** Keeps its counts in memory. */
export const loginLimiter = rateLimiter({
  windowMs: 60_000,
  limit: 5,
  keyGenerator: (c) => clientOf(c.req.raw.headers),
});

export const perClient = (max: number) => {
  const hit = slidingWindow("http", max, 60_000);
  return createMiddleware(async (c, next) => {
    const { allowed, left, retryAfter } = await hit(clientOf(c.req.raw.headers));
    c.header("RateLimit-Remaining", String(left));
    if (!allowed) return c.json({ error: "slow down" }, 429, { "Retry-After": String(retryAfter) });
    await next();
  });
};

export const paid = (cost: number) =>
  createMiddleware(async (c, next) => {
    const { allowed } = await (await kv()).takeTokens(`bucket:${c.req.header("x-api-key")}`, 1_000, 0.01, cost);
    if (!allowed) return c.json({ error: "no tokens left" }, 402);
    await next();
  });
