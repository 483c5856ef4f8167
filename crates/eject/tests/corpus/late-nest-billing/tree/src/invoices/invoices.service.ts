import { InjectQueue } from '@nestjs/bull';
import { CACHE_MANAGER } from '@nestjs/cache-manager';
import { Inject, Injectable } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { ClientProxy } from '@nestjs/microservices';
import type { Queue } from 'bull';
import type { Cache } from 'cache-manager';
import { LockService } from '../lock/lock.service';

@Injectable()
export class InvoicesService {
  constructor(
    @InjectQueue('invoices') private readonly invoices: Queue<{ id: string }>,
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
    @Inject('LEDGER') private readonly ledger: ClientProxy,
    private readonly locks: LockService,
    private readonly events: EventEmitter2,
  ) {}

  async issue(id: string) {
    return this.locks.withLock(`invoice:${id}`, async () => {
      await this.invoices.add('render', { id }, { attempts: 3, backoff: 5_000, jobId: id });
      this.events.emit('invoice.issued', { id });
      this.ledger.emit('invoice.issued', { id });
      await this.cache.del(`invoice:${id}`);
    });
  }

  async waiting() {
    const { waiting, active } = await this.invoices.getJobCounts();
    return waiting + active;
  }
}
