import Queue from "bee-queue";
import { mail } from "../lib/mail.mjs";

export const receipts = new Queue("receipts", {
  redis: { host: process.env.REDIS_HOST, port: 6379, db: 1 },
  removeOnSuccess: true,
  activateDelayedJobs: true,
});

await receipts.ready();

receipts.process(4, async (job) => {
  job.reportProgress(50);
  return mail(job.data.to, `order ${job.data.order}`);
});
receipts.on("failed", (job, error) => console.error(job.id, error.message));

export function sendReceipt(order) {
  return receipts
    .createJob({ order: order.id, to: order.email })
    .retries(3)
    .backoff("exponential", 1_000)
    .delayUntil(Date.now() + 5_000)
    .save();
}
