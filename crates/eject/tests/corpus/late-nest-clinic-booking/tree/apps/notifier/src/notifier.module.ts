import { RedisModule } from '@liaoliaots/nestjs-redis';
import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { ScheduleModule } from '@nestjs/schedule';
import { Digest } from './digest';
import { RemindController } from './remind.controller';
import { SmsConsumer } from './sms.consumer';

@Module({
  imports: [
    ConfigModule.forRoot(),
    ScheduleModule.forRoot(),
    BullModule.forRoot({ redis: process.env.NOTIFIER_REDIS, prefix: 'ntf' }),
    BullModule.registerQueueAsync({
      name: 'sms',
      useFactory: () => ({ limiter: { max: 5, duration: 1000 }, settings: { maxStalledCount: 2 } }),
    }),
    RedisModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (c: ConfigService) => ({
        config: { namespace: 'digest', url: c.get('NOTIFIER_REDIS'), keyPrefix: 'digest:' },
      }),
    }),
  ],
  controllers: [RemindController],
  providers: [SmsConsumer, Digest],
})
export class NotifierModule {}
