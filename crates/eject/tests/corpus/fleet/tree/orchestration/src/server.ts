import express from "express";
import { config } from "./config.js";
import { authRouter } from "./auth/router.js";
import { startWebhookWorker } from "./webhooks/worker.js";
import { closeRedis } from "./lib/redis.js";
import { health } from "./health.js";
import { pay } from "./orders.js";

const app = express();
app.use(express.json());
app.use("/auth", authRouter);
app.get("/health", health);
app.post("/orders/:id/pay", async (request, response) => {
  await pay(request.params.id);
  response.sendStatus(202);
});

const worker = startWebhookWorker();
const server = app.listen(config.port);

process.on("SIGTERM", async () => {
  server.close();
  await worker.close();
  await closeRedis();
});
