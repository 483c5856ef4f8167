import { createClient, type RedisClientType } from "redis";

declare global {
  var __redis: RedisClientType | undefined;
}

let redis: RedisClientType;

if (process.env.NODE_ENV === "production") {
  redis = createClient({ url: process.env.REDIS_URL });
} else {
  if (!global.__redis) {
    global.__redis = createClient({ url: process.env.REDIS_URL, socket: { reconnectStrategy: 500 } });
  }
  redis = global.__redis;
}

redis.connect().catch(console.error);

export { redis };
