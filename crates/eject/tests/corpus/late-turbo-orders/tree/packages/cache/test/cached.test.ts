import { afterEach, expect, test, vi } from "vitest";
import RedisMock from "ioredis-mock";

vi.mock("ioredis", () => ({ Redis: RedisMock }));
const { cached, redis } = await import("../src/index.js");

class Prices {
  calls = 0;
  @cached({ key: (sku: string) => sku, ttl: 5 })
  async of(sku: string) {
    this.calls += 1;
    return sku.length;
  }
}

afterEach(() => redis.flushall());

test("the second call is a hit", async () => {
  const prices = new Prices();
  await prices.of("abc");
  await prices.of("abc");
  expect(prices.calls).toBe(1);
  expect(await redis.ttl("cache:abc")).toBeGreaterThan(0);
});
