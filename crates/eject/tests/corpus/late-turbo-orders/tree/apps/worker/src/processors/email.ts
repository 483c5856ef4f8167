import { Worker } from "bullmq";
import PQueue from "p-queue";
import { connection } from "@orders/queue";
import { QUEUES } from "@orders/queue/names";

const outgoing = new PQueue({ concurrency: 4, interval: 1_000, intervalCap: 10 });

export const emailWorker = new Worker<{ to: string; template: string }>(
  QUEUES.email,
  async ({ data }) => {
    await outgoing.add(() => fetch("https://mail.example.com/send", { method: "POST", body: JSON.stringify(data) }));
  },
  { connection, limiter: { max: 50, duration: 1_000 } },
);

emailWorker.on("failed", (job, error) => console.error(job?.id, error));
