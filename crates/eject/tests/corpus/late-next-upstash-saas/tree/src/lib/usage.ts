import { redis } from "@/lib/redis";

const month = () => new Date().toISOString().slice(0, 7);

export async function track(team: string, tokens: number) {
  const key = `usage:${team}:${month()}`;
  const pipeline = redis.pipeline();
  pipeline.incrby(key, tokens);
  pipeline.expire(key, 60 * 60 * 24 * 62);
  pipeline.zincrby("usage:top", tokens, team);
  const [total] = await pipeline.exec<[number, number, number]>();
  return total;
}

export const top = () => redis.zrange<string[]>("usage:top", 0, 9, { rev: true });
