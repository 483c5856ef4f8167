import { expect, test } from "bun:test";
import { memory } from "../src/cache/memory";

test("it forgets", async () => {
  const cache = memory<number>(10);
  cache.set("a", 1);
  expect(cache.get("a")).toBe(1);
  await Bun.sleep(15);
  expect(cache.get("a")).toBeUndefined();
});
