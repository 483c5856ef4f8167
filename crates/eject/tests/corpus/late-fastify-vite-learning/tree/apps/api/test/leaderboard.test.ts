import { RedisContainer, type StartedRedisContainer } from '@testcontainers/redis'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { LeaderboardService } from '../src/services/leaderboard.service.js'

let server: StartedRedisContainer
let redis: Redis

beforeAll(async () => {
  server = await new RedisContainer('redis:7-alpine').start()
  redis = new Redis(server.getConnectionUrl())
})
afterAll(async () => {
  redis.disconnect()
  await server.stop()
})

it('sums', async () => {
  const board = new LeaderboardService({ redis, pool: { query: vi.fn() } as never })
  await board.award('c1', 'ada', 3)
  expect(await board.award('c1', 'ada', 4)).toBe(7)
})
