import type { FastifyInstance } from "fastify";
import { redis } from "@orders/cache";
import { sql } from "@/db";

export default async function health(app: FastifyInstance) {
  app.get("/healthz", async (_request, reply) => {
    const checks = await Promise.allSettled([
      sql`select 1`,
      redis.ping(),
    ]);
    return reply.code(checks.every((c) => c.status === "fulfilled") ? 200 : 503).send(checks.map((c) => c.status));
  });
}
