import { Queue, QueueEvents, type DefaultJobOptions } from "bullmq";
import { connection } from "./connection.js";
import { QUEUES } from "./names.js";

const defaultJobOptions: DefaultJobOptions = {
  attempts: 5,
  backoff: { type: "exponential", delay: 1_000 },
  removeOnComplete: { count: 1_000 },
};

export const fulfilQueue = new Queue(QUEUES.fulfil, { connection, defaultJobOptions });
export const emailQueue = new Queue<{ to: string; template: string }>(QUEUES.email, { connection, defaultJobOptions });
export const chargeEvents = new QueueEvents(QUEUES.charge, { connection });
