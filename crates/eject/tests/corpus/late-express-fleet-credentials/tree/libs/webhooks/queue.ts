import { Queue, QueueEvents } from "bullmq";
import { blocking } from "../kv/index.js";

export interface HookJob {
  hookId: string;
  event: "key.issued" | "key.revoked";
  body: Record<string, unknown>;
}

export const hooks = new Queue<HookJob, number>("hooks", {
  connection: blocking(),
  prefix: "fc:bull",
  defaultJobOptions: { attempts: 6, backoff: { type: "exponential", delay: 5_000 } },
});

export const events = new QueueEvents("hooks", { connection: blocking(), prefix: "fc:bull" });

export async function emit(jobs: HookJob[]) {
  await hooks.addBulk(jobs.map((data) => ({ name: data.event, data })));
}
