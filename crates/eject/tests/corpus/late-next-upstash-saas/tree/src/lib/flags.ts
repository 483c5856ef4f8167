import { createClient } from "@vercel/kv";
import { unstable_cache } from "next/cache";

const kv = createClient({
  url: process.env.KV_REST_API_URL!,
  token: process.env.KV_REST_API_TOKEN!,
});

export const flags = unstable_cache(async () => (await kv.hgetall<Record<string, boolean>>("flags")) ?? {}, ["flags"], {
  revalidate: 60,
  tags: ["flags"],
});

export async function setFlag(name: string, on: boolean) {
  await kv.hset("flags", { [name]: on });
}
