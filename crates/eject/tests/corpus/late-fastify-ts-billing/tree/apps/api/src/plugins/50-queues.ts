import { createQueues } from '@billing/shared/queues'
import fp from 'fastify-plugin'

export default fp(async (app) => {
  const queues = createQueues()
  app.decorate('queues', queues)
  app.addHook('onClose', () => queues.close())
})
