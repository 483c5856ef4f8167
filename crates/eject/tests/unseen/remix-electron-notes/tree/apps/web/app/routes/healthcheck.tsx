import { sql } from "~/utils/db.server";

export async function loader() {
  const { redis } = await import("~/utils/redis.server");
  try {
    await Promise.all([sql`select 1`, redis.ping()]);
    return new Response("OK");
  } catch {
    return new Response("ERROR", { status: 500 });
  }
}
