import type { VercelRequest, VercelResponse } from "@vercel/node";
import { apiLimit, redis } from "../lib/ratelimit";

export default async function handler(req: VercelRequest, res: VercelResponse) {
  const ip = String(req.headers["x-forwarded-for"] ?? "anonymous").split(",")[0]!;
  const { success, limit, remaining, reset, pending } = await apiLimit.limit(ip);
  void pending;
  res.setHeader("X-RateLimit-Limit", limit);
  res.setHeader("X-RateLimit-Remaining", remaining);
  if (!success) return res.status(429).json({ retryAt: reset });

  const project = String(req.query.project);
  const usage = await redis.hgetall<Record<string, number>>(`usage:${project}`);
  res.setHeader("Cache-Control", "s-maxage=30, stale-while-revalidate");
  return res.json({ tokens: usage?.tokens ?? 0, calls: usage?.calls ?? 0 });
}
