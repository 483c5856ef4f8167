import { FlowProducer, Queue, type ConnectionOptions } from 'bullmq'
import type { RedisFactory } from '@tutorloop/kv'

export interface Queues {
  media: Queue<{ lessonId: string; source: string }>
  mail: Queue<{ to: string; template: string }>
}

export function makeQueues({ factory }: { factory: RedisFactory }): Queues {
  const connection: ConnectionOptions = factory.shared('queues')
  const make = <N extends string>(name: N) =>
    new Queue(name, {
      connection,
      prefix: '{tl}',
      defaultJobOptions: { attempts: 4, backoff: { type: 'exponential', delay: 2_000 }, removeOnComplete: 500 },
    })
  return { media: make('media'), mail: make('mail') }
}

export async function publishCourse(factory: RedisFactory, courseId: string, lessons: string[]) {
  const flow = new FlowProducer({ connection: factory.shared('queues'), prefix: '{tl}' })
  await flow.add({
    name: 'publish',
    queueName: 'mail',
    data: { courseId },
    children: lessons.map((lessonId) => ({ name: 'transcode', queueName: 'media', data: { lessonId } })),
  })
  await flow.close()
}
