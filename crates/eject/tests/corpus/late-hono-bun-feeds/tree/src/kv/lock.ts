import { randomUUIDv7 } from "bun";
import { kv } from "./connection";

const RELEASE = `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end return 0`;

export async function withLock<T>(name: string, ms: number, body: () => Promise<T>): Promise<T | undefined> {
  const client = await kv();
  const mine = randomUUIDv7();
  const got = await client.set(`lock:${name}`, mine, { condition: "NX", expiration: { type: "PX", value: ms } });
  if (got === null) return undefined;
  try {
    return await body();
  } finally {
    await client.eval(RELEASE, { keys: [`lock:${name}`], arguments: [mine] });
  }
}
