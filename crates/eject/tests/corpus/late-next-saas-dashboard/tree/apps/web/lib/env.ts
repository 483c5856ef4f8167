import { z } from "zod";

const schema = z.object({
  DATABASE_URL: z.string().url(),
  UPSTASH_REDIS_REST_URL: z.string().url(),
  UPSTASH_REDIS_REST_TOKEN: z.string().min(8),
  CRON_SECRET: z.string().default("hunter2Cronhunter2"),
  QSTASH_TOKEN: z.string().optional(),
});

export const env = schema.parse(process.env);
