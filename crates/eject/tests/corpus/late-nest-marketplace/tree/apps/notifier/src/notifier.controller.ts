import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload, RedisContext } from '@nestjs/microservices';
import { Outbox } from './outbox';

@Controller()
export class NotifierController {
  constructor(private readonly outbox: Outbox) {}

  @EventPattern('order.placed')
  onPlaced(@Payload() data: { order: string; user: string }, @Ctx() context: RedisContext) {
    this.outbox.push({ to: data.user, subject: `Order ${data.order}`, via: context.getChannel() });
  }

  @MessagePattern('ping')
  ping() {
    return 'pong';
  }
}
