import type { Redis } from "ioredis";

export interface InvoiceEvent {
  invoiceId: string;
  customerId: string;
  state: "draft" | "rendered" | "sent" | "paid";
}

export const channelOf = (customerId: string) => `billing:events:${customerId}`;

export function publishInvoiceEvent(redis: Redis, event: InvoiceEvent): Promise<number> {
  return redis.publish(channelOf(event.customerId), JSON.stringify(event));
}
