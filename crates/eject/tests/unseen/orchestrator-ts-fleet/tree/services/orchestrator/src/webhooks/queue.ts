import { Queue, type JobsOptions } from 'bullmq'
import { redis } from '../redis.js'

export interface Delivery {
  endpointId: string
  url: string
  event: string
  body: unknown
}

const defaultJobOptions: JobsOptions = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 2_000 },
  removeOnComplete: { age: 3_600 },
  removeOnFail: { count: 10_000 },
}

export const webhooks = new Queue<Delivery>('webhooks', { connection: redis, defaultJobOptions })

export const deliver = (delivery: Delivery) =>
  webhooks.add(delivery.event, delivery, { jobId: `${delivery.endpointId}-${Date.now()}` })
