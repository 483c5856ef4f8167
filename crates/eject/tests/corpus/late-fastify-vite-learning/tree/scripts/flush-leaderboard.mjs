#!/usr/bin/env node
// once a term, by hand
const { default: IORedis } = await import('ioredis')
const redis = new IORedis(process.env.REDIS_URL)

const term = process.argv[2] ?? new Date().toISOString().slice(0, 7)
let cursor = '0'
do {
  const [next, keys] = await redis.scan(cursor, 'MATCH', 'board:*', 'COUNT', 500)
  for (const key of keys) await redis.rename(key, `old:${term}:${key}`)
  cursor = next
} while (cursor !== '0')
redis.disconnect()
