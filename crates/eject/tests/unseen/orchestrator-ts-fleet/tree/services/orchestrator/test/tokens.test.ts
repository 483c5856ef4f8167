import RedisMock from 'ioredis-mock'
import { beforeEach, expect, it, vi } from 'vitest'

vi.mock('ioredis', () => ({ Redis: RedisMock }))
vi.stubEnv('REDIS_URL', 'redis://localhost:6379')
vi.stubEnv('JWT_SECRET', 'hunter2Testhunter2')
const { issue, rotate } = await import('../src/auth/tokens.js')

beforeEach(() => new RedisMock().flushall())

it('refuses a token for the second time', async () => {
  const pair = await issue('u1')
  expect(await rotate(pair.refresh)).not.toBeNull()
  expect(await rotate(pair.refresh)).toBeNull()
})
