import { describe, expect, it, vi } from "vitest";
import RedisMock from "ioredis-mock";
vi.mock("../lib/redis.js", () => ({ redis: new RedisMock() }));
import { issue, rotate } from "./refreshTokens.js";

describe("refresh tokens", () => {
  it("rotates once", async () => {
    const token = await issue("u1");
    expect(await rotate(token)).toBeDefined();
  });
});
