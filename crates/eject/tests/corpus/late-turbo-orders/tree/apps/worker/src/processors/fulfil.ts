import { UnrecoverableError, Worker, type Job } from "bullmq";
import { connection, QUEUES } from "@orders/queue";
import { sql } from "@orders/db";

export const fulfilWorker = new Worker(
  QUEUES.fulfil,
  async (job: Job<{ orderId: string }>) => {
    const children = await job.getChildrenValues();
    if (Object.values(children).some((v) => v === "declined")) throw new UnrecoverableError("declined");
    await sql`update orders set state = 'fulfilled' where id = ${job.data.orderId}`;
    await job.updateProgress(100);
  },
  { connection, concurrency: 20 },
);
