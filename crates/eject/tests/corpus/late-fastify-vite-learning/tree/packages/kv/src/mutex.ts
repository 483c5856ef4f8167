import type { Redis } from 'ioredis'
import Redlock, { ExecutionError } from 'redlock'

const locks = new WeakMap<Redis, Redlock>()

export function mutexOf(redis: Redis): Redlock {
  const known = locks.get(redis)
  if (known) return known
  const made = new Redlock([redis], { retryCount: 5, retryJitter: 150, automaticExtensionThreshold: 500 })
  made.on('error', (err) => {
    if (!(err instanceof ExecutionError)) console.error(err)
  })
  locks.set(redis, made)
  return made
}

export const exclusively = <T>(redis: Redis, name: string, work: () => Promise<T>): Promise<T> =>
  mutexOf(redis).using([`mutex:${name}`], 10_000, async (signal) => {
    const result = await work()
    if (signal.aborted) throw signal.error
    return result
  })
