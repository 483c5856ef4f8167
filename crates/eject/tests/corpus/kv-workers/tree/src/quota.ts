import type { Redis, Cluster } from "ioredis";

export async function quota(redis: Redis | Cluster, who: string, limit = 100) {
  const window = Math.floor(Date.now() / 60_000);
  const [[, count]] = (await redis.multi().incr(`quota:${who}:${window}`).expire(`quota:${who}:${window}`, 60).exec())!;
  return Number(count) <= limit;
}
