import { Redis, type RedisOptions } from "ioredis";
import { env } from "../env.js";
import { log } from "../log.js";

let shared: Redis | undefined;

const options: RedisOptions = {
  keyPrefix: "fc:",
  enableAutoPipelining: true,
  tls: env.REDIS_TLS_SERVERNAME ? { servername: env.REDIS_TLS_SERVERNAME } : undefined,
};

export function kv(): Redis {
  if (!shared) {
    shared = new Redis(env.REDIS_URL, options);
    shared.on("error", (err) => log.error({ err }, "kv"));
    shared.defineCommand("hitWindow", {
      numberOfKeys: 1,
      lua: `
        local n = redis.call('INCR', KEYS[1])
        if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
        return { n, redis.call('PTTL', KEYS[1]) }
      `,
    });
  }
  return shared;
}

/** BullMQ wants a connection of its own: no prefix, no limit of retries. */
export const blocking = () => new Redis(env.REDIS_URL, { maxRetriesPerRequest: null, tls: options.tls });

declare module "ioredis" {
  interface RedisCommander<Context> {
    hitWindow(key: string, ms: number): Result<[number, number], Context>;
  }
}
