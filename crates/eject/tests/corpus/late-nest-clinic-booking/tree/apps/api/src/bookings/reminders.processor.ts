import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import { Job, UnrecoverableError } from 'bullmq';

@Processor('reminders', { concurrency: 10, limiter: { max: 50, duration: 1_000 } })
export class RemindersProcessor extends WorkerHost {
  private readonly log = new Logger(RemindersProcessor.name);

  async process(job: Job<{ patient: string; at: string }>): Promise<void> {
    if (Date.parse(job.data.at) < Date.now()) throw new UnrecoverableError('too late');
    const res = await fetch(`${process.env.NOTIFIER_URL}/remind`, {
      method: 'POST',
      body: JSON.stringify(job.data),
    });
    if (!res.ok) throw new Error(`notifier says ${res.status}`);
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job, err: Error) {
    this.log.warn(`${job.id}: ${err.message}`);
  }
}
