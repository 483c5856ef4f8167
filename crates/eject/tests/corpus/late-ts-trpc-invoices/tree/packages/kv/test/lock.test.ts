import RedisMock from "ioredis-mock";
import { expect, test, vi } from "vitest";

vi.stubEnv("REDIS_URL", "redis://localhost:6379");
vi.mock("ioredis", () => ({ Redis: RedisMock }));

const { LockTaken, getRedis, withLock } = await import("../src/index");

test("the second is turned away, and the lock goes in the end", async () => {
  await withLock("a", 1_000, async () => {
    await expect(withLock("a", 1_000, async () => 1)).rejects.toBeInstanceOf(LockTaken);
  });
  expect(await getRedis().exists("lock:a")).toBe(0);
});
