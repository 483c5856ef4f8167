import { z } from 'zod'

const Env = z.object({
  PORT: z.coerce.number().default(4000),
  DATABASE_URL: z.string().url(),
  REDIS_URL: z.string().url(),
  JWT_SECRET: z.string().min(8),
  WEBHOOK_CONCURRENCY: z.coerce.number().int().default(5),
})

export const config = Env.parse(process.env)
