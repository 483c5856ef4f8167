import type { Job } from 'bullmq'
import { container } from 'tsyringe'
import { Progress } from '../progress.js'

export default async function media(job: Job<{ lessonId: string; source: string }>) {
  const progress = container.resolve(Progress)
  for (const height of [360, 720, 1080]) {
    await job.updateProgress({ height })
    await job.log(`${height}p of ${job.data.source}`)
    await progress.tell(job.data.lessonId, height)
  }
}
