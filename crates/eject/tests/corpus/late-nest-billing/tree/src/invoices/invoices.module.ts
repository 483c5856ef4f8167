import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { InvoicesController } from './invoices.controller';
import { InvoicesProcessor } from './invoices.processor';
import { InvoicesService } from './invoices.service';

@Module({
  imports: [
    BullModule.registerQueue({ name: 'invoices' }, { name: 'reminders' }),
    ClientsModule.registerAsync([
      {
        name: 'LEDGER',
        useFactory: () => ({
          transport: Transport.REDIS,
          options: { host: process.env.REDIS_HOST, port: 6379 },
        }),
      },
      {
        name: 'MAILER',
        useFactory: () => ({ transport: Transport.NATS, options: { servers: ['nats://nats:4222'] } }),
      },
    ]),
  ],
  controllers: [InvoicesController],
  providers: [InvoicesProcessor, InvoicesService],
})
export class InvoicesModule {}
