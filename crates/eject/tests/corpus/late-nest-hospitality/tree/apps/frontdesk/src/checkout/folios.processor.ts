import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import { Job, UnrecoverableError } from 'bullmq';
import { nightly } from '@hotel/shared/money/rounding';

@Processor('folios', { concurrency: 4 })
export class FoliosProcessor extends WorkerHost {
  private readonly logger = new Logger(FoliosProcessor.name);

  async process(job: Job<{ room: string; total?: number; nights?: number }>): Promise<number[]> {
    if (job.name === 'audit') return [];
    const { room, total = 0, nights = 1 } = job.data;
    if (nights < 1) throw new UnrecoverableError(`no nights for ${room}`);
    await job.log(`folio of ${room}`);
    return nightly(total, nights);
  }

  @OnWorkerEvent('failed')
  failed(job: Job, cause: Error): void {
    this.logger.warn(`${job.id}: ${cause.message}`);
  }
}
