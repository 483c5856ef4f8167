import cookie from '@fastify/cookie'
import { fastifyAwilixPlugin } from '@fastify/awilix'
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import Fastify from 'fastify'
import { container } from './container.js'
import { limits } from './plugins/limits.js'
import { sessions } from './plugins/sessions.js'
import { appRouter } from './trpc/router.js'
import { createContext } from './trpc/context.js'

const app = Fastify({ logger: { redact: ['req.headers.cookie'] }, trustProxy: true })

await app.register(fastifyAwilixPlugin, { container, disposeOnClose: true })
await app.register(cookie)
await app.register(sessions)
await app.register(limits)
await app.register(fastifyTRPCPlugin, { prefix: '/trpc', trpcOptions: { router: appRouter, createContext } })

app.get('/healthz', async (_req, reply) => {
  const { redis, pool } = container.cradle
  const [pong] = await Promise.all([redis.ping(), pool.query('select 1')])
  return reply.send({ ok: pong === 'PONG' })
})

await app.listen({ host: '0.0.0.0', port: Number(process.env.PORT ?? 3000) })
