import { InjectFlowProducer, InjectQueue } from '@nestjs/bullmq';
import { CACHE_MANAGER } from '@nestjs/cache-manager';
import { Inject, Injectable, OnModuleInit } from '@nestjs/common';
import { ClientProxy } from '@nestjs/microservices';
import { FlowProducer, Queue } from 'bullmq';
import type { Cache } from 'cache-manager';

@Injectable()
export class CheckoutService implements OnModuleInit {
  constructor(
    @InjectQueue('folios') private readonly folios: Queue<{ room: string }>,
    @InjectFlowProducer('departures') private readonly departures: FlowProducer,
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
    @Inject('HOUSEKEEPING') private readonly housekeeping: ClientProxy,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.folios.upsertJobScheduler('night-audit', { pattern: '30 3 * * *' }, { name: 'audit', data: { room: '*' } });
  }

  async checkout(room: string): Promise<void> {
    await this.departures.add({
      name: 'departure',
      queueName: 'folios',
      data: { room },
      children: [{ name: 'print', queueName: 'folios', data: { room } }],
    });
    this.housekeeping.emit('room.left', { room, at: Date.now() });
    await this.cache.del(`room:${room}`);
  }

  backlog(): Promise<number> {
    return this.folios.getWaitingCount();
  }
}
