import express from "express";
import type { AwilixContainer } from "awilix";
import { sql } from "kysely";
import { authRoutes } from "./auth/auth.routes.js";
import { shipmentRoutes } from "./shipments/shipment.routes.js";
import { perAddress } from "./middleware/rate-limit.js";
import { shedLoad } from "./middleware/shed-load.js";

export function createApp(container: AwilixContainer) {
  const app = express();
  app.set("trust proxy", 1);
  app.disable("x-powered-by");
  app.use(shedLoad({ maxInFlight: 400 }));
  app.get("/health/live", (_req, res) => void res.send("ok"));
  app.get("/health/ready", async (_req, res) => {
    const [redis, postgres] = await Promise.allSettled([
      container.resolve("registry").ready(),
      sql`select 1`.execute(container.resolve("db")),
    ]);
    const ok = redis.status === "fulfilled" && postgres.status === "fulfilled";
    res.status(ok ? 200 : 503).json({ redis: redis.status, postgres: postgres.status });
  });
  app.use(perAddress(container.resolve("limiters")));
  app.use(express.json({ limit: "256kb" }));
  app.use("/auth", authRoutes(container.cradle));
  app.use("/shipments", shipmentRoutes(container.cradle));
  return app;
}
