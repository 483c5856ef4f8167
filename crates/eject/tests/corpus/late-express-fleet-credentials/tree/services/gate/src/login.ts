import Router from "@koa/router";
import { RateLimiterRedis } from "rate-limiter-flexible";
import { isScriptGone, store } from "./store.js";

const slow = new RateLimiterRedis({ storeClient: store, useRedisPackage: true, keyPrefix: "login", points: 10, duration: 900 });

const CLAIM = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', 28800)
return 1`;
let sha = await store.scriptLoad(CLAIM);

async function claim(car: string, driver: string): Promise<boolean> {
  const call = { keys: [`car:${car}`], arguments: [driver] };
  try {
    return (await store.evalSha(sha, call)) === 1;
  } catch (e) {
    if (!isScriptGone(e)) throw e;
    sha = await store.scriptLoad(CLAIM);
    return (await store.eval(CLAIM, call)) === 1;
  }
}

export const login = new Router();

login.post("/login", async (ctx) => {
  const { driver, car } = ctx.query as Record<string, string>;
  try {
    await slow.consume(`${driver}_${ctx.ip}`);
  } catch {
    ctx.throw(429);
  }
  if (!(await claim(car, driver))) ctx.throw(409, "taken");
  ctx.session!.driver = driver;
  ctx.session!.save();
  ctx.body = { ok: true };
});

login.get("/drivers/online", async (ctx) => {
  let n = 0;
  for await (const _ of store.scanIterator({ MATCH: "gate:sess:*", COUNT: 500 })) n++;
  ctx.body = { n };
});
