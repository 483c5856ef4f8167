import { createClient } from "redis";

export const client = createClient({
  url: process.env.CACHE_REDIS_URL,
  socket: { reconnectStrategy: (retries) => Math.min(retries * 50, 2000) },
});
await client.connect();
