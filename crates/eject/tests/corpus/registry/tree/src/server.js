import session from "express-session";
import RedisStore from "connect-redis";
import { api } from "./api.js";
import * as stores from "./stores.js";
import { cache } from "./cache.js";
import { tasks } from "./tasks.js";
import Upload from "./upload.js";

api.stores = stores.connect({ url: process.env.COMPANION_REDIS_URL });
const options = { secret: "x" };
if (api.stores) {
  options.store = new RedisStore({ client: api.stores.main, prefix: process.env.COMPANION_REDIS_SESSION_PREFIX || "sess:" });
}
await tasks.start();
export default [session(options), cache, new Upload("u1")];
