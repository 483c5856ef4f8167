import { OnQueueFailed, Process, Processor } from '@nestjs/bull';
import { Logger } from '@nestjs/common';
import { Job } from 'bull';

@Processor('invoices')
export class InvoicesProcessor {
  private readonly logger = new Logger(InvoicesProcessor.name);

  @Process({ name: 'render', concurrency: 5 })
  async render(job: Job<{ id: string }>) {
    await job.progress(10);
    return { pdf: `${job.data.id}.pdf` };
  }

  @OnQueueFailed()
  failed(job: Job, error: Error) {
    this.logger.error(`${job.id}: ${error.message}`);
  }
}
