import { afterAll, beforeEach, expect, test } from "bun:test";
import { close, kv } from "../src/kv/connection";
import { slidingWindow } from "../src/limits/sliding-window";

beforeEach(async () => {
  await (await kv()).flushDb();
});
afterAll(close);

test("the fourth is refused", async () => {
  const hit = slidingWindow("test", 3, 1_000);
  for (let i = 0; i < 3; i++) expect((await hit("me")).allowed).toBe(true);
  const verdict = await hit("me");
  expect(verdict.allowed).toBe(false);
  expect(verdict.retryAfter).toBeGreaterThan(0);
});

test("others are counted apart", async () => {
  const hit = slidingWindow("test", 1, 1_000);
  await hit("me");
  expect((await hit("you")).allowed).toBe(true);
});
