import path from "node:path";
import { Worker } from "bullmq";
import { connect } from "./adapters/redis/connection";
import { env } from "./config/env";
import { logger } from "./logger";

const worker = new Worker("settlements", path.join(__dirname, "adapters/queue/processors/settle.js"), {
  connection: connect(env),
  prefix: "{payments}",
  concurrency: 10,
  useWorkerThreads: false,
});

worker.on("failed", (job, error) => logger.error({ id: job?.id, error }, "settlement failed"));

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void worker.close());
}
