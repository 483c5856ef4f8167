import { Emitter } from '@socket.io/redis-emitter'
import { inject, singleton } from 'tsyringe'
import type { RedisFactory } from '@tutorloop/kv'
import { FACTORY } from './tokens.js'

@singleton()
export class Progress {
  private readonly emitter: Emitter

  constructor(@inject(FACTORY) private readonly factory: RedisFactory) {
    this.emitter = new Emitter(factory.shared('emitter'))
  }

  async tell(lessonId: string, height: number) {
    this.emitter.to(`lesson:${lessonId}`).emit('transcoded', { height })
    await this.factory.shared('emitter').hset(`lesson:${lessonId}:media`, String(height), Date.now())
  }
}
