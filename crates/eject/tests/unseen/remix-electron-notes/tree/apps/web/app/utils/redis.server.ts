import { Redis } from "ioredis";
import invariant from "tiny-invariant";

declare global {
  // eslint-disable-next-line no-var
  var __redis: Redis | undefined;
}

invariant(process.env.REDIS_URL, "REDIS_URL must be set");

function connect() {
  const client = new Redis(process.env.REDIS_URL!, { lazyConnect: true, enableAutoPipelining: true });
  client.on("error", (error) => console.error("[redis]", error.message));
  return client;
}

// Vite loads this module anew on each change; the connection stays.
export const redis = (globalThis.__redis ??= connect());
