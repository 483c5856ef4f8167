import { randomInt } from "node:crypto";
import { redis } from "~/utils/redis.server";

const MINUTES = 10;

export async function createCode(email: string): Promise<string> {
  const code = String(randomInt(1_000_000)).padStart(6, "0");
  await redis.setex(`code:${email}`, MINUTES * 60, code);
  return code;
}

export async function redeemCode(email: string, code: string): Promise<boolean> {
  const tries = await redis.incr(`code-tries:${email}`);
  if (tries === 1) await redis.expire(`code-tries:${email}`, MINUTES * 60);
  if (tries > 5) return false;
  const good = (await redis.get(`code:${email}`)) === code;
  if (good) await redis.del(`code:${email}`, `code-tries:${email}`);
  return good;
}
