import type { ConnectionOptions } from "bullmq";
import { env } from "@orders/config/env";

const url = new URL(env.REDIS_URL);

export const connection = {
  host: url.hostname,
  port: Number(url.port || 6379),
  password: url.password || undefined,
  maxRetriesPerRequest: null,
} satisfies ConnectionOptions;
