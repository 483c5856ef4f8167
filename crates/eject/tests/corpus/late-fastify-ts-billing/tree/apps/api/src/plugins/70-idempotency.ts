import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import fp from "fastify-plugin";

interface Kept { fingerprint: string; status: number; body: string }

export default fp(async (app) => {
  const redis = app.redis.main;
  const keyOf = (request: FastifyRequest) => `billing:idem:${request.headers["idempotency-key"]}`;
  const fingerprint = (request: FastifyRequest) =>
    createHash("sha256").update(request.method + request.url + JSON.stringify(request.body)).digest("hex");

  app.decorate("idempotent", async (request: FastifyRequest, reply: FastifyReply) => {
    if (!request.headers["idempotency-key"]) return reply.code(400).send({ error: "idempotency_key_missing" });
    const mine = await redis.set(keyOf(request), "pending", "EX", 60, "NX");
    if (mine === "OK") return;
    const kept = await redis.get(keyOf(request));
    if (kept === "pending" || kept === null) return reply.code(409).send({ error: "in_progress" });
    const { fingerprint: before, status, body } = JSON.parse(kept) as Kept;
    if (before !== fingerprint(request)) return reply.code(422).send({ error: "key_reused" });
    return reply.code(status).header("idempotent-replayed", "true").type("application/json").send(body);
  });

  app.addHook("onSend", async (request, reply, payload) => {
    const config = request.routeOptions.config.idempotency;
    if (!config || !request.headers["idempotency-key"] || reply.hasHeader("idempotent-replayed")) return payload;
    if (reply.statusCode >= 500) {
      await redis.del(keyOf(request));
    } else {
      const kept: Kept = { fingerprint: fingerprint(request), status: reply.statusCode, body: String(payload) };
      await redis.setex(keyOf(request), config.ttl, JSON.stringify(kept));
    }
    return payload;
  });
});
