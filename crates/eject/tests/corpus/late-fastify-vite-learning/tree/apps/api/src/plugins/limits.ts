import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { container } from '../container.js'

declare module 'ioredis' {
  interface RedisCommander<Context> {
    spend(key: string, size: number, perSecond: number, now: number): Promise<number>
  }
}

const spend = `
local bucket = redis.call('HMGET', KEYS[1], 'level', 'at')
local level = math.max(0, (tonumber(bucket[1]) or 0) - (ARGV[3] - (bucket[2] or ARGV[3])) * ARGV[2])
if level + 1 > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'level', level + 1, 'at', ARGV[3])
redis.call('EXPIRE', KEYS[1], 120)
return 1
`

export const limits = fp(async (app: FastifyInstance) => {
  const { redis } = container.cradle
  redis.defineCommand('spend', { numberOfKeys: 1, lua: spend })

  await app.register(rateLimit, {
    redis,
    max: 300,
    timeWindow: 60_000,
    nameSpace: 'rl:',
  })
})

/** Magic links are e-mails, and e-mails cost money. */
export const maySend = async (ip: string): Promise<boolean> =>
  (await container.cradle.redis.spend(`bucket:mail:${ip}`, 5, 0.02, Date.now() / 1000)) === 1
