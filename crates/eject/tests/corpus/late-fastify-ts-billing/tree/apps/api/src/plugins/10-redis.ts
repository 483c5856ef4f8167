import fastifyRedis from "@fastify/redis";
import fp from "fastify-plugin";
import { createRedis, env } from "@billing/shared";

export default fp(
  async (app) => {
    const client = createRedis("api");
    await app.register(fastifyRedis, { client, closeClient: true, namespace: "main" });
    await app.register(fastifyRedis, {
      url: env.REDIS_URL,
      namespace: "limits",
      connectTimeout: 500,
      maxRetriesPerRequest: 1,
    });
  },
  { name: "redis" },
);
