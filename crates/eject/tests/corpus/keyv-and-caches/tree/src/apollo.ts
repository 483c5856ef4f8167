import { RedisCache } from "apollo-server-cache-redis";

export const apollo = { cache: new RedisCache({ host: "cache.internal" }) };
