import { randomUUID } from "node:crypto";
import { getRedis } from "./client";

const RELEASE = `
  if redis.call("get", KEYS[1]) == ARGV[1] then
    return redis.call("del", KEYS[1])
  end
  return 0
`;

export class LockTaken extends Error {
  constructor(readonly resource: string) {
    super(`${resource} is being changed by somebody else`);
    this.name = "LockTaken";
  }
}

export async function withLock<T>(resource: string, ttlMs: number, body: () => Promise<T>): Promise<T> {
  const redis = getRedis();
  const key = `lock:${resource}`;
  const token = randomUUID();
  const taken = await redis.set(key, token, "PX", ttlMs, "NX");
  if (taken !== "OK") throw new LockTaken(resource);
  try {
    return await body();
  } finally {
    await redis.eval(RELEASE, 1, key, token);
  }
}
