import { randomUUID } from "node:crypto";
import jwt from "jsonwebtoken";
import { config } from "../config.js";
import { redis } from "../lib/redis.js";

const key = (userId: string, jti: string) => `refresh:${userId}:${jti}`;

export async function issue(userId: string): Promise<string> {
  const jti = randomUUID();
  await redis.set(key(userId, jti), "1", "EX", config.refreshTtl);
  await redis.sadd(`refresh:${userId}`, jti);
  return jwt.sign({ sub: userId, jti }, process.env.JWT_SECRET!, { expiresIn: config.refreshTtl });
}

export async function rotate(token: string): Promise<string | undefined> {
  const { sub, jti } = jwt.verify(token, process.env.JWT_SECRET!) as { sub: string; jti: string };
  const removed = await redis.del(key(sub, jti));
  if (removed === 0) {
    await revokeAll(sub);
    return undefined;
  }
  return issue(sub);
}

export async function revokeAll(userId: string): Promise<void> {
  const jtis = await redis.smembers(`refresh:${userId}`);
  const pipeline = redis.pipeline();
  for (const jti of jtis) pipeline.del(key(userId, jti));
  pipeline.del(`refresh:${userId}`);
  await pipeline.exec();
}
