import { rateLimit, MemoryStore } from "express-rate-limit";
import { RateLimiterMemory, RateLimiterPostgres, BurstyRateLimiter } from "rate-limiter-flexible";
import { Pool } from "pg";

// Was a RedisStore once: import { RedisStore } from "rate-limit-redis";
const memory = new RateLimiterMemory({ points: 10, duration: 1 });
const burst = new RateLimiterMemory({ keyPrefix: "burst", points: 20, duration: 10 });
const durable = new RateLimiterPostgres({ storeClient: new Pool(), points: 10, duration: 60, tableName: "limits" });

export const limiters = {
  http: rateLimit({ windowMs: 60_000, limit: 100, store: new MemoryStore() }),
  bursty: new BurstyRateLimiter(memory, burst),
  async check(key: string) {
    await durable.consume(key);
    await memory.consume(key);
    await memory.delete(key);
  },
};
