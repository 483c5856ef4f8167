import { Hono } from "hono";
import { cache } from "hono/cache";
import { logger } from "hono/logger";
import { config } from "./config";
import { close, kv } from "./kv/connection";
import { perClient } from "./limits/middleware";
import { authRoutes } from "./routes/auth";
import { feedRoutes } from "./routes/feeds";
import { bridge, liveRoutes, websocket } from "./routes/live";

const app = new Hono();

app.use(logger());
app.get("/favicon.ico", cache({ cacheName: "static", cacheControl: "max-age=86400" }));
app.get("/healthz", async (c) => c.json({ kv: await (await kv()).ping() }));
app.use("/v1/*", perClient(120));
app.route("/v1/auth", authRoutes).route("/v1/feeds", feedRoutes).route("/v1/live", liveRoutes);

const server = Bun.serve({ port: config.port, fetch: app.fetch, websocket });
const unbridge = await bridge(server);

process.on("SIGTERM", async () => {
  await server.stop();
  await unbridge();
  await close();
});
