import { Processor, WorkerHost, OnWorkerEvent } from '@nestjs/bullmq';
import type { Job } from 'bullmq';

@Processor('mail')
export class MailProcessor extends WorkerHost {
  async process(job: Job<{ address: string }>) {
    console.log(`to ${job.data.address}`);
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job) {
    console.warn(job.id);
  }
}
