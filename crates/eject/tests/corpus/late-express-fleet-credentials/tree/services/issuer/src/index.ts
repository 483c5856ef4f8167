import express from "express";
import helmet from "helmet";
import { kv } from "@libs/kv";
import { localLimiter } from "@libs/limits";
import { log } from "@libs/log.js";
import { events } from "@libs/webhooks/queue.js";
import { start } from "@libs/webhooks/deliver.js";
import { keys } from "./keys.js";
import { enrol } from "./enrol.js";

const app = express();
const flood = localLimiter(200);

app.use(helmet(), express.json());
app.use((req, res, next) => void flood.consume(req.ip ?? "").then(() => next(), () => res.sendStatus(429)));
app.use("/keys", keys);
app.use("/enrol", enrol);
app.get("/ready", async (_req, res) => {
  const pong = await kv().ping();
  res.status(pong === "PONG" ? 200 : 503).end();
});

events.on("completed", ({ jobId, returnvalue }) => log.info({ jobId, returnvalue }, "delivered"));
start();
app.listen(4100, () => log.info("issuer is up"));
