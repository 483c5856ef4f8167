import { Redis, type RedisOptions } from 'ioredis'
import { logger } from '@fleet/shared'

const defaults: RedisOptions = {
  maxRetriesPerRequest: null,
  enableReadyCheck: true,
  retryStrategy: (times) => Math.min(times * 200, 5_000),
}

const open = new Map<string, Redis>()

/** One connection for each name in a process. */
export function createRedis(name: string, url = process.env.REDIS_URL): Redis {
  const known = open.get(name)
  if (known) return known
  if (!url) throw new Error('REDIS_URL is not set')

  const tls = url.startsWith('rediss://') ? { tls: { servername: new URL(url).hostname } } : {}
  const client = new Redis(url, { ...defaults, ...tls, connectionName: name })
  client.on('error', (err) => logger.error({ err, name }, 'redis connection error'))
  open.set(name, client)
  return client
}
