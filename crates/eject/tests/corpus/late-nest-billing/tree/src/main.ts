import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { MicroserviceOptions, Transport } from '@nestjs/microservices';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule, { bufferLogs: true });
  const config = app.get(ConfigService);
  app.connectMicroservice<MicroserviceOptions>({
    transport: Transport.REDIS,
    options: { host: config.get('redis.host'), port: config.get('redis.port'), retryAttempts: 10 },
  });
  app.enableShutdownHooks();
  await app.startAllMicroservices();
  await app.listen(config.getOrThrow<number>('PORT'));
}
void bootstrap();
