import { Redis, type RedisOptions } from "ioredis";
import { log } from "./log.js";

const options: RedisOptions = { maxRetriesPerRequest: null, enableReadyCheck: false };

// One connection of Redis for all queues.
export const connection = new Redis(process.env.REDIS_URL ?? "redis://localhost:6379", options);

connection.on("error", (error) => {
  log("redis", error);
});

/** A connection of its own, for who blocks. */
export function ownConnection(): Redis {
  return new Redis(process.env.REDIS_URL ?? "redis://localhost:6379", options);
}
