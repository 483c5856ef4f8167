import { Processor, type Email, type Job } from "../queues/index.js";
import { ownConnection } from "../lib/redis.js";
import { log } from "../lib/log.js";

const connection = ownConnection();

export const worker = new Processor<Email>(
  "emails",
  async (job: Job<Email>) => {
    log("sent", job.id, job.data.to);
  },
  { connection, concurrency: 4 },
);

worker.on("failed", (job, error) => log("failed", job?.id, error.message));

export async function stop(): Promise<void> {
  await Promise.all([worker.close(), connection.quit()]);
}
