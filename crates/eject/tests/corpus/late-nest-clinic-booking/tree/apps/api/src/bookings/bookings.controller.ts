import { InjectQueue } from '@nestjs/bullmq';
import { CACHE_MANAGER } from '@nestjs/cache-manager';
import { Body, ConflictException, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ClientProxy } from '@nestjs/microservices';
import { localDay, Memo, MutexService } from '@clinic/platform';
import { Queue } from 'bullmq';
import type { Cache } from 'cache-manager';
import { firstValueFrom } from 'rxjs';

type Booking = { doctor: string; patient: string; at: string };

@Controller('bookings')
export class BookingsController {
  private readonly clinics = new Memo<{ zone: string }>(200, 3_600_000);

  constructor(
    @InjectQueue('reminders') private readonly reminders: Queue,
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
    @Inject('CALENDAR') private readonly calendar: ClientProxy,
    private readonly mutex: MutexService,
  ) {}

  @Get('slots/:doctor')
  async slots(@Param('doctor') doctor: string): Promise<string[]> {
    return this.cache.wrap(`slots:${doctor}`, () => firstValueFrom(this.calendar.send('slots', { doctor })), 15_000);
  }

  @Post()
  async book(@Body() b: Booking) {
    const clinic = await this.clinics.get(b.doctor, async () => ({ zone: 'Europe/Berlin' }));
    return this.mutex.run(`${b.doctor}:${localDay(new Date(b.at), clinic.zone)}`, 5_000, async () => {
      const free = await this.slots(b.doctor);
      if (!free.includes(b.at)) throw new ConflictException('slot_taken');
      await this.cache.del(`slots:${b.doctor}`);
      this.calendar.emit('booking.created', b);
      const delay = Math.max(0, Date.parse(b.at) - Date.now() - 86_400_000);
      await this.reminders.add('remind', b, { delay, jobId: `${b.doctor}-${b.at}` });
      return { ok: true };
    });
  }
}
