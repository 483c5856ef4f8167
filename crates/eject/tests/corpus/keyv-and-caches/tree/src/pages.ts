import { caching, multiCaching } from "cache-manager";
import { redisStore } from "cache-manager-ioredis-yet";

const memory = caching("memory", { max: 100, ttl: 10_000 });
const remote = caching(await redisStore({ host: process.env.REDIS_HOST, ttl: 60_000 }));
const both = multiCaching([await memory, await remote]);

export const pages = (path: string) => both.wrap(path, async () => `<h1>${path}</h1>`);
