import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { ConfigType } from '@nestjs/config';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { redisConfig } from '@hotel/shared';
import { CheckoutService } from './checkout.service';
import { FoliosProcessor } from './folios.processor';

@Module({
  imports: [
    BullModule.registerQueue({ name: 'folios', defaultJobOptions: { attempts: 3, removeOnComplete: 500 } }),
    BullModule.registerFlowProducer({ name: 'departures' }),
    ClientsModule.registerAsync([
      {
        name: 'HOUSEKEEPING',
        inject: [redisConfig.KEY],
        useFactory: (options: ConfigType<typeof redisConfig>) => ({ transport: Transport.REDIS, options }),
      },
    ]),
  ],
  providers: [CheckoutService, FoliosProcessor],
})
export class CheckoutModule {}
