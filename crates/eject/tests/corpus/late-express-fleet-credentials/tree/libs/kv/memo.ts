import { kv } from "./client.js";

/** Keeps what `load` gives for some seconds. */
export async function memo<T>(key: string, seconds: number, load: () => Promise<T>): Promise<T> {
  const raw = await kv().getBuffer(`memo:${key}`);
  if (raw) return JSON.parse(raw.toString("utf8")) as T;
  const value = await load();
  await kv().setex(`memo:${key}`, seconds, JSON.stringify(value));
  return value;
}
