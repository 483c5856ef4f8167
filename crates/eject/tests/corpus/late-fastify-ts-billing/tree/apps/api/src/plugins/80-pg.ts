import fp from "fastify-plugin";
import pg from "pg";
import { env } from "@billing/shared/env";

declare module "fastify" {
  interface FastifyInstance { pg: pg.Pool }
}

export default fp(async (app) => {
  const pool = new pg.Pool({ connectionString: env.DATABASE_URL, max: 20 });
  pool.on("error", (error) => app.log.error(error));
  app.decorate("pg", pool);
  app.addHook("onClose", () => pool.end());
});
