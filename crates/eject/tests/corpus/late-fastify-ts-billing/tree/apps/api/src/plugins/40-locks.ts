import fp from 'fastify-plugin'
import Redlock, { ExecutionError, ResourceLockedError } from 'redlock'

export default fp(async (app) => {
  const locks = new Redlock([app.redis.main], { retryCount: 5, retryDelay: 150, retryJitter: 50 })

  locks.on('error', (error) => {
    // somebody else has it: that is what it is for
    if (error instanceof ResourceLockedError || error instanceof ExecutionError) return
    app.log.error(error)
  })

  app.decorate('locks', locks)
})
