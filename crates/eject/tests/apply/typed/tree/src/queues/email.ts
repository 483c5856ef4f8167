import { Queue, QueueEvents, type JobsOptions } from 'bullmq'
import { connection } from '../lib/redis.js'

export interface Email {
  to: string
  subject: string
}

const defaults: JobsOptions = { attempts: 5, backoff: { type: 'exponential', delay: 1000 } }

export const emails = new Queue<Email>('emails', { connection, defaultJobOptions: defaults })

export const emailEvents = new QueueEvents('emails', {
  // The events need Redis' streams.
  connection,
})

export async function send(email: Email, delay?: number) {
  await emails.add('send', email, delay === undefined ? {} : { delay })
}
