import "reflect-metadata";
import Redis from "ioredis";
import { RedisIdempotencyStore } from "../src/adapters/redis/idempotency-store";

describe("RedisIdempotencyStore", () => {
  const redis = new Redis();
  const store = new RedisIdempotencyStore(redis);

  beforeEach(() => redis.flushall());

  it("gives the second caller what the first was told", async () => {
    expect(await store.claim("k", 60)).toBe("new");
    await store.complete("k", { id: "p1" });
    expect(await store.claim("k", 60)).toEqual({ id: "p1" });
    expect(await redis.ttl("{payments}:idempotency:k")).toBeGreaterThan(60);
  });
});
