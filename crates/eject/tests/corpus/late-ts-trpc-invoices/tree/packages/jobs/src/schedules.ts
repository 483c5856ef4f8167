import { deliverQueue, renderQueue } from "./queues";

export async function registerSchedules(): Promise<void> {
  await deliverQueue.upsertJobScheduler(
    "dunning",
    { pattern: "0 8 * * 1-5", tz: "Europe/Berlin" },
    { name: "dunning", data: { invoiceId: "*", customer: "*" } },
  );
  await renderQueue.upsertJobScheduler("archive", { every: 6 * 3_600_000 }, { name: "archive" });
}
