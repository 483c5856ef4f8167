import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";

// sessions of the old back office, goes with it
const redis = new Redis(process.env.REDIS_SESSION_URL ?? "redis://localhost:6379/3", { keyPrefix: "bo:sess:" });

export async function open(user: string): Promise<string> {
  const id = randomUUID();
  await redis.setex(id, 8 * 3_600, JSON.stringify({ user }));
  return id;
}

export async function load(id: string): Promise<{ user: string } | null> {
  const raw = await redis.getex(id, "EX", 8 * 3_600);
  return raw ? JSON.parse(raw) : null;
}
