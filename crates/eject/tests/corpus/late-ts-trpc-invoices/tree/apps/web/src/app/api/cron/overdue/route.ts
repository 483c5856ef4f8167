import { lt } from "drizzle-orm";
import { db } from "@ledgerly/db";
import { invoices } from "@ledgerly/db/schema";
import { env } from "~/env";

export async function GET(request: Request) {
  if (request.headers.get("authorization") !== `Bearer ${env.CRON_SECRET}`) {
    return new Response(null, { status: 401 });
  }
  const marked = await db.update(invoices).set({ state: "overdue" }).where(lt(invoices.dueAt, new Date())).returning();
  return Response.json({ marked: marked.length });
}
