import { NestFactory } from '@nestjs/core';
import { ConfigService } from '@nestjs/config';
import { AppModule } from './app.module';
import { RedisIoAdapter } from './ws/redis-io.adapter';

async function bootstrap() {
  const app = await NestFactory.create(AppModule, { bufferLogs: true });
  app.enableShutdownHooks();
  const ws = new RedisIoAdapter(app);
  await ws.connectToRedis(app.get(ConfigService));
  app.useWebSocketAdapter(ws);
  await app.listen(process.env.PORT ?? 3000);
}
void bootstrap();
