import { Redis, type RedisOptions } from "ioredis";
import { env } from "./env";

const holder = globalThis as unknown as { __kv?: Redis };

function open(name: string, overrides: RedisOptions = {}): Redis {
  const client = new Redis(env.REDIS_URL, {
    connectionName: name,
    maxRetriesPerRequest: 3,
    retryStrategy: (times) => Math.min(times * 100, 3_000),
    ...overrides,
  });
  client.on("error", (cause) => console.error(`[kv:${name}]`, cause.message));
  return client;
}

/** One for each process, and it outlives the reloads of `next dev`. */
export function getRedis(): Redis {
  holder.__kv ??= open("app", { keyPrefix: "ledgerly:" });
  return holder.__kv;
}

export const createSubscriber = (): Redis => open("subscriber");

export const createBullConnection = (): Redis => open("bullmq", { maxRetriesPerRequest: null, enableReadyCheck: false });
