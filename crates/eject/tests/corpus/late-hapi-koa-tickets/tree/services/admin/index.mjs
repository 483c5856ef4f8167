import Koa from "koa";
import session from "koa-session";
import redisStore from "koa-redis";
import { config } from "./config.mjs";
import { flags } from "./flags.mjs";
import { reports } from "./reports.mjs";

const app = new Koa();
app.keys = [process.env.COOKIE_KEY];

app.use(
  session(
    {
      key: "admin.sid",
      maxAge: 86_400_000,
      store: redisStore({ url: config.sessionStore, keyPrefix: "admin:" }),
    },
    app,
  ),
);
app.use(async (ctx) => {
  ctx.session.views = (ctx.session.views ?? 0) + 1;
  ctx.body = { reports: await reports(), flags: flags(), views: ctx.session.views };
});
app.listen(8001);
