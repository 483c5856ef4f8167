import { kv } from "../kv/connection";

export interface Verdict {
  allowed: boolean;
  left: number;
  retryAfter: number;
}

/** Gives a function that counts hits of the last `windowMs`. */
export function slidingWindow(name: string, max: number, windowMs: number) {
  return async (who: string): Promise<Verdict> => {
    const key = `limit:${name}:${who}`;
    const now = Date.now();
    const client = await kv();
    const tx = client.multi();
    tx.zRemRangeByScore(key, "-inf", now - windowMs);
    tx.zAdd(key, { score: now, value: `${now}:${Math.random()}` });
    tx.zRangeWithScores(key, 0, 0);
    tx.zCard(key);
    tx.pExpire(key, windowMs);
    const [, , oldest, count] = (await tx.exec()) as unknown as [number, number, { score: number }[], number];
    const allowed = count <= max;
    return { allowed, left: Math.max(0, max - count), retryAfter: Math.ceil(((oldest[0]?.score ?? now) + windowMs - now) / 1_000) };
  };
}
