import type { Redis } from 'ioredis';

export async function trimStats(redis: Redis): Promise<number> {
  let removed = 0;
  for await (const keys of redis.scanStream({ match: 'market:stats:day:*', count: 200 })) {
    const old = (keys as string[]).filter((key) => key.slice(-10) < new Date(Date.now() - 90 * 86_400_000).toISOString().slice(0, 10));
    if (old.length > 0) removed += await redis.unlink(...old.map((key) => key.replace('market:', '')));
  }
  return removed;
}
