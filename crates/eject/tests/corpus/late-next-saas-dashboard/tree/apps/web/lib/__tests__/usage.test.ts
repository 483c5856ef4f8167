import { beforeEach, expect, test, vi } from "vitest";

const exec = vi.fn().mockResolvedValue([]);
const pipeline = { hincrby: vi.fn(), expire: vi.fn(), sadd: vi.fn(), exec };

vi.mock("@upstash/redis", () => ({
  Redis: vi.fn(() => ({ pipeline: () => pipeline, hgetall: vi.fn().mockResolvedValue({ exports: "3" }) })),
}));
vi.mock("next/cache", () => ({ unstable_cache: (f: unknown) => f }));

const { track, usageToday } = await import("../usage");

beforeEach(() => vi.clearAllMocks());

test("bytes are added", async () => {
  await track("acme", 12);
  expect(pipeline.hincrby).toHaveBeenCalledWith(expect.stringMatching(/^usage:acme:/), "bytes", 12);
  expect(exec).toHaveBeenCalledOnce();
});

test("what is missing is nothing", async () => {
  expect(await usageToday("acme")).toEqual({ bytes: 0, exports: 3 });
});
