import { getRedis } from "./client";

/** Invoices are numbered without gaps within a year and an owner. */
export async function nextNumber(ownerId: string, year: number): Promise<string> {
  const n = await getRedis().hincrby(`numbers:${ownerId}`, String(year), 1);
  return `${year}-${String(n).padStart(5, "0")}`;
}
