import session from '@fastify/session'
import { RedisStore } from 'connect-redis'
import fp from 'fastify-plugin'
import { container } from '../container.js'

const hours = Number(process.env.SESSION_TTL_HOURS ?? 72)

export const sessions = fp(async (app) => {
  await app.register(session, {
    secret: process.env.SESSION_SECRET!,
    cookieName: 'tl.sid',
    store: new RedisStore({ client: container.cradle.redis, prefix: 'sess:', ttl: hours * 3600, disableTouch: true }),
    saveUninitialized: false,
  })
})
