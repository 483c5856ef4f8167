import { RabbitSubscribe, Nack } from '@golevelup/nestjs-rabbitmq';
import { Injectable } from '@nestjs/common';
import { OrdersService } from './orders.service';

@Injectable()
export class WebhookConsumer {
  private readonly seen = new Map<string, number>();

  constructor(private readonly orders: OrdersService) {}

  @RabbitSubscribe({ exchange: 'payments', routingKey: 'payment.succeeded', queue: 'market.payments' })
  async onPayment(message: { id: string; order: string }) {
    if (!message.order) return new Nack(false);
    if (this.seen.has(message.id)) return;
    this.seen.set(message.id, Date.now());
    await this.orders.paid(message.order);
  }
}
