import { sql } from "drizzle-orm";
import { unstable_cache } from "next/cache";
import { db } from "@/db/schema";
import { keys, redis } from "@/lib/redis";

export interface Usage {
  bytes: number;
  exports: number;
}

const today = () => new Date().toISOString().slice(0, 10);

export async function track(team: string, bytes: number): Promise<void> {
  const key = keys.usage(team, today());
  const p = redis.pipeline();
  p.hincrby(key, "bytes", bytes);
  p.expire(key, 60 * 60 * 72);
  await p.exec();
}

export async function usageToday(team: string): Promise<Usage> {
  const found = await redis.hgetall<Record<keyof Usage, string>>(keys.usage(team, today()));
  return { bytes: Number(found?.bytes ?? 0), exports: Number(found?.exports ?? 0) };
}

/** Months that are over do not change: Next keeps them. */
export const usageOfMonth = unstable_cache(
  async (team: string, month: string) =>
    db.execute(sql`select sum(bytes) as bytes, sum(exports) as exports from rollups where team = ${team} and month = ${month}`),
  ["usage-month"],
  { revalidate: 3600, tags: ["usage"] },
);
