import Queue from 'bull'
import { createReadStream } from 'node:fs'

const host = process.env.REDIS_HOST || 'localhost'
const courses = new Queue('course import', { redis: { host, port: 6379, db: 1 }, settings: { lockDuration: 120000 } })

courses.process(1, async (job) => {
  let rows = 0
  for await (const chunk of createReadStream(job.data.file, 'utf8')) {
    rows += chunk.split('\n').length
    job.progress(rows)
  }
  return rows
})

courses.on('stalled', (job) => console.warn('stalled', job.id))
