import { createHmac } from 'node:crypto'
import { UnrecoverableError, Worker } from 'bullmq'
import { logger } from '@fleet/shared'
import { config } from '../config.js'
import { redis } from '../redis.js'
import type { Delivery } from './queue.js'

export function startWorker() {
  const worker = new Worker<Delivery>(
    'webhooks',
    async (job) => {
      const body = JSON.stringify(job.data.body)
      const signature = createHmac('sha256', config.JWT_SECRET).update(body).digest('hex')
      const reply = await fetch(job.data.url, { method: 'POST', body, headers: { 'x-fleet-signature': signature } })
      if (reply.status === 410) throw new UnrecoverableError('endpoint is gone')
      if (!reply.ok) throw new Error(`status ${reply.status}`)
    },
    { connection: redis.duplicate(), concurrency: config.WEBHOOK_CONCURRENCY },
  )
  worker.on('failed', (job, err) => logger.warn({ id: job?.id, err }, 'webhook failed'))
  return worker
}
