import { join } from "node:path";
import autoload from "@fastify/autoload";
import cookie from "@fastify/cookie";
import Fastify, { type FastifyInstance } from "fastify";
import { FastifySSEPlugin } from "fastify-sse-v2";

export async function buildApp(): Promise<FastifyInstance> {
  const app = Fastify({
    logger: { redact: ["req.headers.authorization", "req.headers.cookie"] },
    trustProxy: 1,
  });
  await app.register(cookie);
  await app.register(FastifySSEPlugin);
  await app.register(autoload, { dir: join(import.meta.dirname, "plugins"), encapsulate: false });
  await app.register(autoload, { dir: join(import.meta.dirname, "routes"), options: { prefix: "/v1" } });
  return app;
}
