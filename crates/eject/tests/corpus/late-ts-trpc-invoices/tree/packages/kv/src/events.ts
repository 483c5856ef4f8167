import { getRedis } from "./client";

export type InvoiceEvent = { type: "rendered"; bytes: number } | { type: "sent" };

export const eventChannel = (invoiceId: string) => `events:invoice:${invoiceId}`;

export async function publishEvent(invoiceId: string, event: InvoiceEvent): Promise<void> {
  await getRedis().publish(eventChannel(invoiceId), JSON.stringify(event));
}
