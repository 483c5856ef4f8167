import { z } from "zod";

const schema = z.object({
  DATABASE_URL: z.string().url(),
  UPSTASH_REDIS_REST_URL: z.string().url(),
  UPSTASH_REDIS_REST_TOKEN: z.string().min(1),
  QSTASH_TOKEN: z.string().min(1),
  SESSION_PASSWORD: z.string().min(32),
});

export const env = schema.parse(process.env);
