import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'

interface Options {
  ttl: number
  near?: number
}

export class ReadThrough<T extends object> {
  readonly #near: LRUCache<string, T>

  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly options: Options,
  ) {
    this.#near = new LRUCache({ max: 500, ttl: (options.near ?? 5) * 1000 })
  }

  async get(id: string, load: () => Promise<T>): Promise<T> {
    const near = this.#near.get(id)
    if (near) return near
    const far = await this.redis.getBuffer(`${this.prefix}:${id}`)
    const value = far ? (JSON.parse(far.toString()) as T) : await load()
    if (!far) await this.redis.set(`${this.prefix}:${id}`, JSON.stringify(value), 'EX', this.options.ttl, 'NX')
    this.#near.set(id, value)
    return value
  }

  async forget(...ids: string[]): Promise<void> {
    for (const id of ids) this.#near.delete(id)
    const stream = this.redis.scanStream({ match: `${this.prefix}:*`, count: 250 })
    for await (const keys of stream) {
      const gone = (keys as string[]).filter((key) => ids.some((id) => key.endsWith(`:${id}`)))
      if (gone.length) await this.redis.unlink(gone)
    }
  }
}
