import { RedisContainer, type StartedRedisContainer } from "@testcontainers/redis";
import { authenticator } from "otplib";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

let box: StartedRedisContainer;

beforeAll(async () => {
  box = await new RedisContainer("redis:7.4-alpine").start();
  vi.stubEnv("REDIS_URL", box.getConnectionUrl());
  vi.stubEnv("DATABASE_URL", "postgresql://none");
});
afterAll(() => box.stop());

it("takes a code once", async () => {
  const { check } = await import("../libs/otp/totp.js");
  const driver = { id: "d1", totpSecret: authenticator.generateSecret() };
  const code = authenticator.generate(driver.totpSecret);
  expect(await check(driver, code, "::1")).toBe(true);
  expect(await check(driver, code, "::1")).toBe(false);
});
