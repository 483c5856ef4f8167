import RedisMock from "ioredis-mock";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { RefreshTokens } from "../src/services/refresh-tokens.js";

describe("refresh tokens", () => {
  const redis = new RedisMock();
  let tokens: RefreshTokens;

  beforeEach(async () => {
    await redis.flushall();
    tokens = new RefreshTokens(redis);
  });

  it("ends the family when a token comes twice", async () => {
    vi.spyOn(redis as never, "rotateRefresh").mockResolvedValue(-1 as never);
    const { family, token } = await tokens.issue("c1");
    expect(await tokens.rotate(family, token)).toBeUndefined();
    expect(await redis.sismember("billing:revoked", family)).toBe(1);
  });
});
