import { createHmac } from "node:crypto";
import { PrismaClient } from "@prisma/client";
import { DelayedError, Worker, type Job } from "bullmq";
import { env } from "@libs/env.js";
import { log } from "@libs/log.js";
import { blocking } from "@libs/kv/client.js";
import type { HookJob } from "./queue.js";

const prisma = new PrismaClient();

async function deliver(job: Job<HookJob, number>, token?: string): Promise<number> {
  const hook = await prisma.hook.findUniqueOrThrow({ where: { id: job.data.hookId } });
  const body = JSON.stringify(job.data.body);
  const mac = createHmac("sha256", hook.secret).update(body).digest("hex");
  const res = await fetch(hook.url, { method: "POST", body, headers: { "x-fleet-mac": mac } });
  if (res.status === 429) {
    await job.moveToDelayed(Date.now() + 60_000, token);
    throw new DelayedError();
  }
  if (!res.ok) throw new Error(`hook answered ${res.status}`);
  return res.status;
}

export function start() {
  const worker = new Worker("hooks", deliver, { connection: blocking(), prefix: "fc:bull", concurrency: env.HOOK_CONCURRENCY });
  worker.on("stalled", (id) => log.warn({ id }, "stalled"));
  process.once("SIGTERM", () => void worker.close());
}
