import rateLimit from "@fastify/rate-limit";
import fp from "fastify-plugin";
import { env } from "@billing/shared/env";

export default fp(
  async (app) => {
    await app.register(rateLimit, {
      global: true,
      max: env.RATE_LIMIT_MAX,
      timeWindow: "1 minute",
      redis: app.redis.limits,
      nameSpace: "billing:rl:",
      skipOnError: true,
      keyGenerator: (request) => request.session?.operator?.id ?? request.ip,
      allowList: ["127.0.0.1"],
    });
  },
  { name: "rate-limit", dependencies: ["redis"] },
);
