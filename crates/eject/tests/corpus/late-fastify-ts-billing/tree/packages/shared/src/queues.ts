import { Queue, type JobsOptions } from "bullmq";
import { env } from "./env.js";
import { bullConnection } from "./redis.js";

export const RENDER = "render-invoice";
export const DUNNING = "dunning";

export interface RenderJob { invoiceId: string; locale: string }
export interface DunningJob { customerId: string; level: 1 | 2 | 3 }

const defaults: JobsOptions = {
  attempts: 8,
  backoff: { type: "exponential", delay: 2_000 },
  removeOnComplete: 500,
};

export function createQueues() {
  const connection = bullConnection();
  const shared = { connection, prefix: env.BULL_PREFIX, defaultJobOptions: defaults };
  return {
    render: new Queue<RenderJob>(RENDER, shared),
    dunning: new Queue<DunningJob>(DUNNING, shared),
    async close() {
      await Promise.all([this.render.close(), this.dunning.close()]);
      connection.disconnect();
    },
  };
}

export type Queues = ReturnType<typeof createQueues>;
