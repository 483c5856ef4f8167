import { fulfilWorker } from "./processors/fulfil.js";
import { emailWorker } from "./processors/email.js";

const workers = [fulfilWorker, emailWorker];

process.once("SIGTERM", async () => {
  await Promise.all(workers.map((worker) => worker.close()));
});
