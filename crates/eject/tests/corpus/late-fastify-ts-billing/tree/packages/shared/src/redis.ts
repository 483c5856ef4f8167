import { Redis, type RedisOptions } from "ioredis";
import { env } from "./env.js";

export function createRedis(name: string, options: RedisOptions = {}): Redis {
  const client = new Redis(env.REDIS_URL, { connectionName: name, enableAutoPipelining: true, ...options });
  client.on("error", (error) => console.error({ error, name }, "redis"));
  return client;
}

/** BullMQ blocks on its connections and must not give up. */
export const bullConnection = () => createRedis("bullmq", { maxRetriesPerRequest: null, enableAutoPipelining: false });
