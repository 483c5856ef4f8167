import fp from "fastify-plugin";
import session from "@fastify/session";
import RedisStore from "connect-redis";

export default fp(async (app) => {
  await app.register(session, {
    secret: process.env.SESSION_SECRET!,
    store: new RedisStore({ client: app.redis, prefix: "sess:" }) as never,
  });
});
