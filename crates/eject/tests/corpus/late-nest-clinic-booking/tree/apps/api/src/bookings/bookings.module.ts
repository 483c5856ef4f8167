import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { MutexService } from '@clinic/platform';
import { BookingsController } from './bookings.controller';
import { RemindersProcessor } from './reminders.processor';

@Module({
  imports: [
    BullModule.registerQueue({ name: 'reminders' }, { name: 'waitlist' }),
    ClientsModule.registerAsync([
      {
        name: 'CALENDAR',
        inject: [ConfigService],
        useFactory: (config: ConfigService) => ({
          transport: Transport.REDIS,
          options: { ...config.getOrThrow('redis'), wildcards: true },
        }),
      },
    ]),
  ],
  controllers: [BookingsController],
  providers: [RemindersProcessor, MutexService],
})
export class BookingsModule {}
