import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import { redis } from "@orders/cache";

export default async function limits(app: FastifyInstance) {
  await app.register(rateLimit, {
    max: 300,
    timeWindow: "1 minute",
    nameSpace: "rl:",
    redis,
  });
}
