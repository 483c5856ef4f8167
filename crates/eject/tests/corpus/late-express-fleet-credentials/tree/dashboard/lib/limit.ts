import { Ratelimit } from '@upstash/ratelimit'
import { Redis } from '@upstash/redis'
import type { NextApiHandler } from 'next'

export const redis = new Redis({
  url: process.env.KV_REST_API_URL!,
  token: process.env.KV_REST_API_TOKEN!,
})

const ephemeralCache = new Map<string, number>()
const perUser = new Ratelimit({
  redis,
  limiter: Ratelimit.tokenBucket(20, '10 s', 40),
  ephemeralCache,
  prefix: 'dash',
})

export const withLimit =
  (handler: NextApiHandler): NextApiHandler =>
  async (req, res) => {
    const { success, reset } = await perUser.limit(String(req.headers['x-user']))
    if (!success) return res.setHeader('x-reset', reset).status(429).end()
    return handler(req, res)
  }
