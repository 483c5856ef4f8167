import { and, desc, eq } from "drizzle-orm";
import { z } from "zod";
import { invoices, type InvoiceRow } from "@ledgerly/db/schema";
import { deliverInvoice, renderQueue } from "@ledgerly/jobs";
import { nextNumber, withLock } from "@ledgerly/kv";
import { mutationProcedure, protectedProcedure, router, sendProcedure } from "../trpc";
import { totals } from "~/lib/money";

const line = z.object({
  text: z.string().min(1).max(200),
  quantity: z.number().positive(),
  cents: z.number().int(),
});

export const invoicesRouter = router({
  list: protectedProcedure.query(async ({ ctx }): Promise<InvoiceRow[]> => {
    const key = `invoices:list:${ctx.userId}`;
    const hit = await ctx.kv.get(key);
    if (hit) return JSON.parse(hit) as InvoiceRow[];
    const rows = await ctx.db
      .select()
      .from(invoices)
      .where(eq(invoices.ownerId, ctx.userId))
      .orderBy(desc(invoices.issuedAt))
      .limit(100);
    await ctx.kv.set(key, JSON.stringify(rows), "EX", 30);
    return rows;
  }),

  create: mutationProcedure
    .input(z.object({ customer: z.string().uuid(), lines: z.array(line).min(1) }))
    .mutation(async ({ ctx, input }) => {
      const number = await nextNumber(ctx.userId, new Date().getFullYear());
      const [row] = await ctx.db
        .insert(invoices)
        .values({ ...input, ...totals(input.lines), number, ownerId: ctx.userId })
        .returning();
      await ctx.kv.del(`invoices:list:${ctx.userId}`);
      await renderQueue.add("preview", { invoiceId: row!.id }, { jobId: `preview-${row!.id}`, priority: 10 });
      return row!;
    }),

  send: sendProcedure.input(z.object({ id: z.string().uuid() })).mutation(({ ctx, input }) =>
    withLock(`invoice:${input.id}`, 10_000, async () => {
      const [row] = await ctx.db
        .select()
        .from(invoices)
        .where(and(eq(invoices.id, input.id), eq(invoices.ownerId, ctx.userId)));
      if (!row || row.state !== "draft") return { sent: false as const };
      await deliverInvoice(row.id, row.customer);
      return { sent: true as const };
    }),
  ),
});
