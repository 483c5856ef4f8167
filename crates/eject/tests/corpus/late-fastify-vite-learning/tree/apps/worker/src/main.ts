import 'reflect-metadata'
import { Worker, type Processor } from 'bullmq'
import { run } from 'graphile-worker'
import { container } from 'tsyringe'
import { FACTORY } from './tokens.js'
import { RedisFactory } from '@tutorloop/kv'

container.register(FACTORY, { useValue: new RedisFactory() })

const processors: Record<string, () => Promise<{ default: Processor }>> = {
  media: () => import('./processors/media.js'),
  mail: () => import('./processors/mail.js'),
}

const factory = container.resolve<RedisFactory>(FACTORY)
const workers: Worker[] = []
for (const [name, load] of Object.entries(processors)) {
  const { default: processor } = await load()
  const worker = new Worker(name, processor, {
    connection: factory.dedicated(`worker:${name}`),
    prefix: '{tl}',
    concurrency: name === 'media' ? 2 : 20,
    limiter: { max: 100, duration: 1000 },
  })
  worker.on('failed', (job, err) => console.error(name, job?.id, err))
  workers.push(worker)
}

const invoices = await run({
  connectionString: process.env.DATABASE_URL,
  schema: process.env.GRAPHILE_SCHEMA ?? 'jobs',
  taskDirectory: `${import.meta.dirname}/tasks`,
})

if (!process.argv.includes('--no-import')) await import('./legacy/import-queue.js')

process.once('SIGTERM', async () => {
  await Promise.all(workers.map((worker) => worker.close()))
  await invoices.stop()
  await factory.closeAll()
})
