import pLimit from "p-limit";
import { UnrecoverableError, Worker, type ConnectionOptions, type Job } from "bullmq";
import { QueueName, type LabelJob } from "@haul/queues/names";

// the printing service only takes three at a time from one process
const printing = pLimit(3);

async function print(job: Job<LabelJob, string>): Promise<string> {
  const response = await printing(() =>
    fetch(`https://labels.example.com/${job.data.carrier}`, { method: "POST", body: JSON.stringify(job.data) }),
  );
  if (response.status === 422) throw new UnrecoverableError("address was refused");
  await job.updateProgress(90);
  return response.text();
}

export function labelWorker(connection: ConnectionOptions, prefix: string) {
  return new Worker<LabelJob, string>(QueueName.Labels, print, {
    connection,
    prefix,
    concurrency: 8,
    limiter: { max: 40, duration: 1_000 },
  });
}

export const dispatchWorker = (connection: ConnectionOptions, prefix: string) =>
  new Worker<{ shipmentId: string }>(
    QueueName.Dispatch,
    async (job) => {
      const labels = Object.values(await job.getChildrenValues<string>());
      await fetch("https://dispatch.example.com/trucks", {
        method: "POST",
        body: JSON.stringify({ shipment: job.data.shipmentId, labels }),
      });
    },
    { connection, prefix, concurrency: 4 },
  );
