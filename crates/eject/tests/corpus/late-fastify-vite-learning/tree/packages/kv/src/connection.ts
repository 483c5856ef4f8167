import { readFileSync } from 'node:fs'
import { Redis, type RedisOptions } from 'ioredis'

type Warn = (fields: object, message: string) => void

const base: RedisOptions = {
  lazyConnect: true,
  enableAutoPipelining: true,
  reconnectOnError: (err) => err.message.startsWith('READONLY'),
}

/** Swarm gives host and secret apart, everything else gives one address. */
export function redisOptions(): RedisOptions | string {
  if (process.env.REDIS_URL) return process.env.REDIS_URL
  const secret = process.env.REDIS_PASSWORD_FILE
  return {
    host: process.env.REDIS_HOST ?? '127.0.0.1',
    password: secret ? readFileSync(secret, 'utf8').trim() : undefined,
  }
}

export class RedisFactory {
  readonly #open = new Map<string, Redis>()

  constructor(private readonly warn: Warn = console.warn) {}

  /** For commands: one for each name. */
  shared(name: string): Redis {
    let client = this.#open.get(name)
    if (!client) {
      client = this.#make(name, {})
      this.#open.set(name, client)
    }
    return client
  }

  /** For who blocks: BullMQ's workers, subscribers. */
  dedicated(name: string): Redis {
    return this.#make(name, { maxRetriesPerRequest: null, enableAutoPipelining: false })
  }

  async closeAll(): Promise<void> {
    await Promise.allSettled([...this.#open.values()].map((client) => client.quit()))
    this.#open.clear()
  }

  #make(name: string, extra: RedisOptions): Redis {
    const from = redisOptions()
    const options = { ...base, ...extra, connectionName: name }
    const client = typeof from === 'string' ? new Redis(from, options) : new Redis({ ...from, ...options })
    client.on('error', (err) => this.warn({ err, name }, 'kv connection'))
    return client
  }
}
