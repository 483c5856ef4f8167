import { FlowProducer, Queue, type DefaultJobOptions } from "bullmq";
import { createBullConnection } from "@ledgerly/kv";
import { DELIVER, RENDER, type DeliverJob, type RenderJob } from "./names";

const connection = createBullConnection();

const defaultJobOptions: DefaultJobOptions = {
  attempts: 4,
  backoff: { type: "exponential", delay: 2_000 },
  removeOnComplete: { age: 24 * 3600 },
  removeOnFail: 5_000,
};

export const renderQueue = new Queue<RenderJob>(RENDER, { connection, defaultJobOptions });
export const deliverQueue = new Queue<DeliverJob>(DELIVER, { connection, defaultJobOptions });
export const flows = new FlowProducer({ connection });
