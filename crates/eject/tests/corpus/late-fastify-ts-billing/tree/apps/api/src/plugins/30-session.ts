import session from "@fastify/session";
import { RedisStore } from "connect-redis";
import fp from "fastify-plugin";
import { env } from "@billing/shared/env";

export default fp(async (app) => {
  await app.register(session, {
    secret: env.SESSION_SECRET,
    cookieName: "backoffice",
    cookie: { secure: env.NODE_ENV === "production", maxAge: 8 * 3_600_000, sameSite: "lax" },
    saveUninitialized: false,
    store: new RedisStore({ client: app.redis.main, prefix: "billing:sess:", ttl: 8 * 3_600 }),
  });
});
