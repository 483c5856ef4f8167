import { enqueue } from "./webhooks/queue.js";

export async function onOrderPaid(order: { id: string; callback: string }) {
  await enqueue({ url: order.callback, body: { type: "order.paid", id: order.id } });
}
