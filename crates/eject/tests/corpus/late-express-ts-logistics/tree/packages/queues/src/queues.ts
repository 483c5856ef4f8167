import { Queue, QueueEvents, type ConnectionOptions, type JobsOptions } from "bullmq";
import { QueueName, type LabelJob } from "./names.js";

const defaults: JobsOptions = {
  attempts: 4,
  backoff: { type: "exponential", delay: 2_000 },
  removeOnComplete: { age: 3_600, count: 500 },
  removeOnFail: { age: 7 * 86_400 },
};

export function createQueues(connection: ConnectionOptions, prefix: string) {
  const labels = new Queue<LabelJob>(QueueName.Labels, { connection, prefix, defaultJobOptions: defaults });
  const mail = new Queue(QueueName.Mail, { connection, prefix, defaultJobOptions: { ...defaults, attempts: 10 } });
  const labelEvents = new QueueEvents(QueueName.Labels, { connection, prefix });

  return {
    labels,
    mail,
    labelEvents,
    async close() {
      await Promise.all([labels.close(), mail.close(), labelEvents.close()]);
    },
  };
}

export type Queues = ReturnType<typeof createQueues>;
