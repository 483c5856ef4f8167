import { RabbitMQModule } from '@golevelup/nestjs-rabbitmq';
import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CartModule } from '../cart/cart.module';
import { InvoiceProcessor } from './invoice.processor';
import { Order } from './order.entity';
import { INVOICES, NOTIFIER, PAYOUTS, SETTLEMENT } from './orders.constants';
import { OrdersService } from './orders.service';
import { PayoutListener, PayoutProcessor } from './payout.processor';
import { SettlementCron } from './settlement.cron';
import { WebhookConsumer } from './webhook.consumer';

@Module({
  imports: [
    CartModule,
    TypeOrmModule.forFeature([Order]),
    BullModule.registerQueue({ name: PAYOUTS }, { name: INVOICES }),
    BullModule.registerFlowProducer({ name: SETTLEMENT }),
    RabbitMQModule.forRootAsync(RabbitMQModule, {
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        uri: config.getOrThrow<string>('app.rabbitUrl'),
        exchanges: [{ name: 'payments', type: 'topic' }],
        connectionInitOptions: { wait: false },
      }),
    }),
    ClientsModule.registerAsync([
      {
        name: NOTIFIER,
        imports: [ConfigModule],
        inject: [ConfigService],
        useFactory: (config: ConfigService) => ({
          transport: Transport.REDIS,
          options: {
            host: config.get('redis.host'),
            port: config.get('redis.port'),
            password: config.get('redis.password'),
          },
        }),
      },
    ]),
  ],
  providers: [OrdersService, PayoutProcessor, PayoutListener, InvoiceProcessor, SettlementCron, WebhookConsumer],
  exports: [OrdersService],
})
export class OrdersModule {}
