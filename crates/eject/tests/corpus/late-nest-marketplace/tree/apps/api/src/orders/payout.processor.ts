import { OnQueueEvent, OnWorkerEvent, Processor, QueueEventsHost, QueueEventsListener, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import { Job } from 'bullmq';
import { PAYOUTS } from './orders.constants';

@Processor(PAYOUTS, { concurrency: 5, limiter: { max: 10, duration: 1_000 } })
export class PayoutProcessor extends WorkerHost {
  private readonly logger = new Logger(PayoutProcessor.name);

  async process(job: Job<{ id: string; cents: number }>) {
    const invoices = await job.getChildrenValues();
    await job.updateProgress({ step: 'bank' });
    const response = await fetch('https://bank.example.com/transfers', {
      method: 'POST',
      body: JSON.stringify({ ...job.data, invoices: Object.keys(invoices) }),
    });
    return { transfer: response.headers.get('location') };
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job, error: Error) {
    this.logger.error(`payout ${job.id} failed after ${job.attemptsMade} attempts: ${error.message}`);
  }
}

@QueueEventsListener(PAYOUTS)
export class PayoutListener extends QueueEventsHost {
  private readonly logger = new Logger(PayoutListener.name);

  @OnQueueEvent('stalled')
  onStalled({ jobId }: { jobId: string }) {
    this.logger.warn(`payout ${jobId} stalled`);
  }
}
