import RedisMock from "ioredis-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { RefreshTokens } from "../src/auth/refresh-tokens.js";

const config = { auth: { jwtSecret: "hunter2Testhunter2", refreshTtlSeconds: 60 } };

describe("RefreshTokens", () => {
  const redis = new RedisMock();
  const tokens = new RefreshTokens(redis as never, config as never);

  beforeEach(() => redis.flushall());

  it("revokes the family when a token is used twice", async () => {
    const first = await tokens.issue("u1");
    const second = await tokens.rotate(first);
    expect(await tokens.rotate(first)).toBeNull();
    expect(await tokens.rotate(second!.refreshToken)).toBeNull();
    expect(await redis.keys("rt:family:*")).toHaveLength(0);
  });
});
