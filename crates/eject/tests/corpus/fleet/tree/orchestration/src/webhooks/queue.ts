import { Queue } from "bullmq";
import { redis } from "../lib/redis.js";

export interface Delivery {
  url: string;
  body: unknown;
}

export const webhookQueue = new Queue<Delivery>("webhooks", {
  connection: redis,
  defaultJobOptions: { attempts: 8, backoff: { type: "exponential", delay: 1000 } },
});

export async function enqueue(delivery: Delivery) {
  await webhookQueue.add("deliver", delivery, { removeOnComplete: 1000 });
}
