import Koa from "koa";
import ratelimit from "koa-ratelimit";
import redisStore from "koa-redis";
import session from "koa-session";
import { login } from "./login.js";
import { listen } from "./revocations.js";
import { store } from "./store.js";

const app = new Koa();
app.keys = [process.env.SESSION_KEY ?? "hunter2Koahunter2"];

app.use(
  session(
    {
      key: "gate.sid",
      maxAge: 12 * 3600_000,
      store: redisStore({ url: process.env.GATE_STORE_URL, keyPrefix: "gate:sess:" }),
    },
    app,
  ),
);
app.use(ratelimit({ driver: "memory", db: new Map(), duration: 60_000, max: 600 }));
app.use(login.routes());

await listen();
const server = app.listen(4200);
process.on("SIGTERM", () => server.close(() => void store.disconnect()));
