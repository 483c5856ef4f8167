import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { invoices } from "./schema";

export const db = drizzle(postgres(process.env.DATABASE_URL!, { max: 5 }));

const pdfs = new Map<string, Uint8Array>();

export async function loadInvoice(id: string) {
  const [row] = await db.select().from(invoices).where(eq(invoices.id, id));
  if (!row) throw new Error(`no invoice ${id}`);
  return row;
}

export async function storePdf(id: string, bytes: Uint8Array): Promise<void> {
  pdfs.set(id, bytes);
}
