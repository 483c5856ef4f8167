import { NestFactory } from '@nestjs/core';
import { MicroserviceOptions, Transport } from '@nestjs/microservices';
import { CalendarModule } from './calendar.module';

async function bootstrap() {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(CalendarModule, {
    transport: Transport.REDIS,
    options: { host: process.env.REDIS_HOST, password: process.env.REDIS_PASSWORD, retryAttempts: 20 },
  });
  await app.listen();
}
void bootstrap();
