import type { FastifyPluginAsync } from 'fastify'

const health: FastifyPluginAsync = async (app) => {
  app.get('/healthz', { config: { rateLimit: false } }, async (_request, reply) => {
    const [db, redis] = await Promise.allSettled([
      app.pg.query('select 1'),
      app.redis.main.ping(),
    ])
    const ok = db.status === 'fulfilled' && redis.status === 'fulfilled'
    return reply.code(ok ? 200 : 503).send({ db: db.status, redis: redis.status })
  })
}

export default health
