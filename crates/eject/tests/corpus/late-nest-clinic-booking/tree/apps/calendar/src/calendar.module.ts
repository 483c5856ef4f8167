import { Controller, Module } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';

@Controller()
class CalendarController {
  private readonly taken = new Map<string, Set<string>>();

  @MessagePattern('slots')
  slots(@Payload() { doctor }: { doctor: string }) {
    const taken = this.taken.get(doctor) ?? new Set();
    return ['09:00', '09:20', '09:40'].filter((s) => !taken.has(s));
  }

  @EventPattern('booking.created')
  created(@Payload() b: { doctor: string; at: string }) {
    this.taken.set(b.doctor, (this.taken.get(b.doctor) ?? new Set()).add(b.at));
  }
}

@Module({ controllers: [CalendarController] })
export class CalendarModule {}
