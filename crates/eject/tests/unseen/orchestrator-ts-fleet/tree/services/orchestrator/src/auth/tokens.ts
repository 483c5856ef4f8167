import { randomUUID } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { key } from '@fleet/redis-kit'
import { redis } from '../redis.js'
import { config } from '../config.js'

const REFRESH_TTL = 60 * 60 * 24 * 30

export interface Pair {
  access: string
  refresh: string
}

export async function issue(userId: string, family: string = randomUUID()): Promise<Pair> {
  const jti = randomUUID()
  await redis.set(key('refresh', jti), JSON.stringify({ userId, family }), 'EX', REFRESH_TTL)
  await redis.sadd(key('refresh', 'family', family), jti)
  return {
    access: jwt.sign({ sub: userId, jti }, config.JWT_SECRET, { expiresIn: '10m' }),
    refresh: jwt.sign({ sub: userId, jti, family }, config.JWT_SECRET, { expiresIn: REFRESH_TTL }),
  }
}

/** A token that was used before means that it was stolen: the whole family goes. */
export async function rotate(refresh: string): Promise<Pair | null> {
  const claims = jwt.verify(refresh, config.JWT_SECRET) as { sub: string; jti: string; family: string }
  const stored = await redis.getdel(key('refresh', claims.jti))
  if (stored === null) {
    await revokeFamily(claims.family)
    return null
  }
  return issue(claims.sub, claims.family)
}

export async function revokeFamily(family: string): Promise<void> {
  const members = await redis.smembers(key('refresh', 'family', family))
  await redis.unlink(key('refresh', 'family', family), ...members.map((jti) => key('refresh', jti)))
}
