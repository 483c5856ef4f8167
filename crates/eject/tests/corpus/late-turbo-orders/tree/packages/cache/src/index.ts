export { redis, closeRedis } from "./client.js";
export { cached, type CacheOptions } from "./cached.js";
export { memo } from "./memo.js";
