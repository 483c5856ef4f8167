import { Client } from "@upstash/qstash";
import { revalidateTag } from "next/cache";
import { db, rollups, teams } from "@/db/schema";
import { env } from "@/lib/env";
import { redis } from "@/lib/redis";
import { usageToday } from "@/lib/usage";

export async function GET(request: Request) {
  if (request.headers.get("authorization") !== `Bearer ${env.CRON_SECRET}`) return new Response("no", { status: 401 });

  const mine = await redis.set("lock:rollup", "1", { nx: true, ex: 120 });
  if (mine !== "OK") return Response.json({ skipped: true });
  try {
    const month = new Date().toISOString().slice(0, 7);
    for (const { id: team } of await db.select().from(teams)) {
      await db.insert(rollups).values({ team, month, ...(await usageToday(team)) });
    }
    revalidateTag("usage");
    // QStash brings the mails, so that this function can end
    await new Client({ token: env.QSTASH_TOKEN }).publishJSON({ url: "https://app.metricly.example/api/mails", body: { month } });
  } finally {
    await redis.del("lock:rollup");
  }
  return Response.json({ ok: true });
}
