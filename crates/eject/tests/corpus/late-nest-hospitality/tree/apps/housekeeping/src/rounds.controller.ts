import { Controller, Logger } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';

@Controller()
export class RoundsController {
  private readonly logger = new Logger('rounds');
  private readonly queue: { room: string; at: number }[] = [];

  @EventPattern('room.left')
  left(@Payload() event: { room: string; at: number }): void {
    this.queue.push(event);
    this.queue.sort((a, b) => a.at - b.at);
    this.logger.log(`${event.room} is the ${this.queue.length}th to be cleaned`);
  }
}
