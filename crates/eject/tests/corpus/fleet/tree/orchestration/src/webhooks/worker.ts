import { Worker, type Job } from "bullmq";
import { redis } from "../lib/redis.js";
import type { Delivery } from "./queue.js";
import { metrics } from "../metrics.js";

async function deliver(job: Job<Delivery>): Promise<void> {
  const response = await fetch(job.data.url, { method: "POST", body: JSON.stringify(job.data.body) });
  if (!response.ok) throw new Error(`webhook answered ${response.status}`);
  metrics.increment("webhooks.delivered");
}

export function startWebhookWorker() {
  const worker = new Worker<Delivery>("webhooks", deliver, { connection: redis, concurrency: 10 });
  worker.on("failed", (job, error) => console.warn(job?.id, error.message));
  return worker;
}
