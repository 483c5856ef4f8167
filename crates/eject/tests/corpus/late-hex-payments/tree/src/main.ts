import express from "express";
import { rateLimit } from "./adapters/http/rate-limit";
import { type RedisConnection } from "./adapters/redis/connection";
import { CapturePayment } from "./application/capture-payment";
import { container } from "./container";
import { logger } from "./logger";
import { TOKENS } from "./tokens";

const redis = container.resolve<RedisConnection>(TOKENS.Redis);
const app = express();

app.use(rateLimit(redis));
app.post("/payments/:id/capture", async (request, response) => {
  const capture = container.resolve(CapturePayment);
  response.json(await capture.execute(request.params.id, request.header("Idempotency-Key")!));
});

const server = app.listen(3000, () => logger.info("listening; redis is asked for limits"));
process.once("SIGTERM", () => {
  server.close();
  redis.disconnect();
});
