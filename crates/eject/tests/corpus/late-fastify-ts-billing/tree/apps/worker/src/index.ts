import { fileURLToPath } from "node:url";
import { bullConnection, createRedis, publishInvoiceEvent } from "@billing/shared";
import { createQueues, DUNNING, RENDER, type DunningJob, type RenderJob } from "@billing/shared/queues";
import { Worker } from "bullmq";
import { env } from "@billing/shared/env";
import dunning from "./processors/dunning.js";

const connection = bullConnection();
const publisher = createRedis("worker-events");

const render = new Worker<RenderJob>(RENDER, fileURLToPath(new URL("./processors/render.js", import.meta.url)), {
  connection,
  prefix: env.BULL_PREFIX,
  concurrency: 4,
  useWorkerThreads: true,
});

render.on("completed", async (job, result: { customerId: string }) => {
  await publishInvoiceEvent(publisher, { invoiceId: job.data.invoiceId, customerId: result.customerId, state: "rendered" });
});

const reminders = new Worker<DunningJob>(DUNNING, dunning, {
  connection,
  prefix: env.BULL_PREFIX,
  limiter: { max: 20, duration: 1_000 },
});

await createQueues().dunning.upsertJobScheduler("nightly", { pattern: "0 3 * * *" }, { data: { customerId: "*", level: 1 } });

process.once("SIGTERM", async () => {
  await Promise.allSettled([render.close(), reminders.close()]);
  await publisher.quit();
  process.exit(0);
});
