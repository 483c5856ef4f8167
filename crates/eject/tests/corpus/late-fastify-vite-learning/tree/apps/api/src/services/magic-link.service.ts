import { randomBytes } from 'node:crypto'
import { exclusively, keyOf } from '@tutorloop/kv'
import type { Cradle } from '../container.js'

type Deps = Pick<Cradle, 'redis' | 'queues'>

export class MagicLinkService {
  constructor(private readonly deps: Deps) {}

  async send(email: string): Promise<void> {
    const { redis, queues } = this.deps
    const token = randomBytes(32).toString('base64url')
    await redis.set(keyOf('magic', token), email.toLowerCase(), 'EX', 900)
    await queues.mail.add('magic-link', { to: email, template: 'magic-link' }, { priority: 1 })
  }

  redeem(token: string): Promise<string | null> {
    return exclusively(this.deps.redis, `magic:${token}`, () => this.deps.redis.getdel(keyOf('magic', token)))
  }
}
