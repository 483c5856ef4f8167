import express from 'express'
import { logger } from '@fleet/shared'
import { auth } from './auth/routes.js'
import { config } from './config.js'
import { redis } from './redis.js'
import { deliver } from './webhooks/queue.js'
import { startWorker } from './webhooks/worker.js'

const app = express()
app.use(express.json())
app.use('/auth', auth)
app.post('/events', async (req, res) => {
  const job = await deliver(req.body)
  res.status(202).json({ id: job.id })
})
app.get('/readyz', async (_req, res) => {
  res.json({ redis: (await redis.ping()) === 'PONG' })
})

const worker = startWorker()
const server = app.listen(config.PORT, () => logger.info({ port: config.PORT }, 'listening'))

process.on('SIGTERM', async () => {
  server.close()
  await Promise.allSettled([worker.close(), redis.quit()])
})
