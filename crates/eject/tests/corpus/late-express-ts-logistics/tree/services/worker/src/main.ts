import { createLogger, loadConfig, RedisRegistry } from "@haul/platform";
import { dispatchWorker, labelWorker } from "./processors.js";
import { startEdi } from "./edi-consumer.js";

const config = loadConfig();
const logger = createLogger("worker", config.logLevel);
const registry = new RedisRegistry(config, logger);

const workers = [
  labelWorker(registry.get("queue"), config.queuePrefix),
  dispatchWorker(registry.get("queue"), config.queuePrefix),
];

for (const worker of workers) {
  worker.on("failed", (job, cause) => logger.error({ job: job?.id, queue: worker.name, cause }, "job failed"));
}

const edi = await startEdi(config, logger, async ({ shipmentId, depot }) => {
  const update = JSON.stringify({ state: "scanned", depot });
  await registry.get("publisher").publish(`shipment:${shipmentId}`, update);
});

process.once("SIGTERM", async () => {
  await edi.disconnect();
  await Promise.all(workers.map((worker) => worker.close()));
  await registry.close();
});
