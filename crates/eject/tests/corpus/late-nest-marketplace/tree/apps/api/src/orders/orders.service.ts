import { InjectFlowProducer, InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import { ClientProxy } from '@nestjs/microservices';
import { InjectRepository } from '@nestjs/typeorm';
import { FlowProducer, Queue } from 'bullmq';
import { Repository } from 'typeorm';
import { CartService } from '../cart/cart.service';
import { Order } from './order.entity';
import { INVOICES, NOTIFIER, PAYOUTS, SETTLEMENT } from './orders.constants';

@Injectable()
export class OrdersService {
  constructor(
    @InjectRepository(Order) private readonly orders: Repository<Order>,
    @InjectQueue(PAYOUTS) private readonly payouts: Queue,
    @InjectFlowProducer(SETTLEMENT) private readonly settlement: FlowProducer,
    @Inject(NOTIFIER) private readonly notifier: ClientProxy,
    private readonly cart: CartService,
  ) {}

  async place(user: string, sellerId: string, cents: number): Promise<Order> {
    const order = await this.orders.save(this.orders.create({ sellerId, cents }));
    await this.cart.clear(user);
    this.notifier.emit('order.placed', { order: order.id, user });
    return order;
  }

  async paid(id: string): Promise<void> {
    const order = await this.orders.findOneByOrFail({ id });
    await this.settlement.add({
      name: 'payout',
      queueName: PAYOUTS,
      data: { id, cents: order.cents },
      opts: { jobId: `payout-${id}` },
      children: [{ name: 'invoice', queueName: INVOICES, data: { id } }],
    });
    await this.orders.update({ id }, { state: 'paid' });
  }

  async backlog(): Promise<number> {
    const counts = await this.payouts.getJobCounts('waiting', 'delayed');
    return counts.waiting + counts.delayed;
  }
}
