import { expect, test, vi } from "vitest";

const incrby = vi.fn();
vi.mock("@upstash/redis", () => ({
  Redis: class {
    pipeline() {
      return { incrby, expire: vi.fn(), zincrby: vi.fn(), exec: async () => [7, 1, 7] };
    }
  },
}));

test("usage is counted per month", async () => {
  const { track } = await import("./usage");
  expect(await track("acme", 7)).toBe(7);
  expect(incrby).toHaveBeenCalled();
});
