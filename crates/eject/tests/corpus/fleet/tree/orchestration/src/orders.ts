import { onOrderPaid } from "./events.js";

export async function pay(id: string) {
  await onOrderPaid({ id, callback: "https://example.com/hook" });
}
