import { keyOf } from '@tutorloop/kv'
import type { Redis } from 'ioredis'
import type { Pool } from 'pg'

export class LeaderboardService {
  private readonly kv: Redis
  private readonly pool: Pool

  constructor({ redis, pool }: { redis: Redis; pool: Pool }) {
    this.kv = redis
    this.pool = pool
  }

  async award(courseId: string, userId: string, points: number) {
    const key = keyOf('board', courseId)
    const [[, total]] = (await this.kv
      .multi()
      .zincrby(key, points, userId)
      .expire(key, 90 * 86_400, 'NX')
      .exec())!
    await this.pool.query('insert into awards(course_id, user_id, points) values ($1, $2, $3)', [courseId, userId, points])
    return Number(total)
  }

  async top(courseId: string, count = 10) {
    const flat = await this.kv.zrevrange(keyOf('board', courseId), 0, count - 1, 'WITHSCORES')
    const rows: { userId: string; points: number }[] = []
    for (let i = 0; i < flat.length; i += 2) rows.push({ userId: flat[i]!, points: Number(flat[i + 1]) })
    return rows
  }
}
