import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { INVOICES } from './orders.constants';

@Processor({ name: INVOICES })
export class InvoiceProcessor extends WorkerHost {
  async process(job: Job<{ id: string }>): Promise<string> {
    const number = `R-${new Date().getFullYear()}-${job.data.id.slice(0, 8)}`;
    await job.log(`invoice ${number}`);
    return number;
  }
}
