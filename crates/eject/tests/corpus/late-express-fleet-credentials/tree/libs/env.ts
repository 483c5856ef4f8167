import { z } from "zod";

const schema = z.object({
  DATABASE_URL: z.string(),
  REDIS_URL: z.string().url().startsWith("redis"),
  REDIS_TLS_SERVERNAME: z.string().optional(),
  HOOK_CONCURRENCY: z.coerce.number().default(8),
});

export const env = schema.parse(process.env);
