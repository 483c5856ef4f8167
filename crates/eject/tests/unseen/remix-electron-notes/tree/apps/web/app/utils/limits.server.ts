import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import { redis } from "./redis.server";

export function slidingWindow(name: string, { max, windowMs }: { max: number; windowMs: number }): RequestHandler {
  return async (req, res, next) => {
    const now = Date.now();
    const key = `rl:${name}:${req.ip}`;
    try {
      const results = await redis
        .multi()
        .zremrangebyscore(key, 0, now - windowMs)
        .zadd(key, now, randomUUID())
        .zcard(key)
        .pexpire(key, windowMs)
        .exec();
      const count = Number(results?.[2]?.[1] ?? 0);
      res.setHeader("RateLimit", `limit=${max}, remaining=${Math.max(0, max - count)}`);
      if (count > max) return void res.status(429).send("Too many requests");
    } catch (error) {
      console.warn("limits are off", error);
    }
    next();
  };
}
