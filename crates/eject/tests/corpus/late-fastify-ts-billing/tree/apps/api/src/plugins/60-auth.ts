import jwt from "@fastify/jwt";
import fp from "fastify-plugin";
import { env } from "@billing/shared/env";
import { RefreshTokens } from "../services/refresh-tokens.js";

export default fp(async (app) => {
  await app.register(jwt, {
    secret: env.JWT_SECRET,
    sign: { expiresIn: "10m" },
    trusted: async (_request, decoded) => !(await app.redis.main.sismember("billing:revoked", decoded.fam)),
  });
  app.decorate("refreshTokens", new RefreshTokens(app.redis.main));
});
