import { NestFactory } from '@nestjs/core';
import { ConfigService } from '@nestjs/config';
import { NestExpressApplication } from '@nestjs/platform-express';
import { RedisStore } from 'connect-redis';
import session from 'express-session';
import { REDIS } from '@app/redis';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, { bufferLogs: true });
  const config = app.get(ConfigService);

  app.set('trust proxy', 1);
  app.enableShutdownHooks();
  app.use(
    '/backoffice',
    session({
      store: new RedisStore({ client: app.get(REDIS), prefix: 'sess:', ttl: 8 * 60 * 60 }),
      secret: config.getOrThrow<string>('SESSION_SECRET'),
      name: 'bo.sid',
      resave: false,
      saveUninitialized: false,
      cookie: { sameSite: 'lax', secure: 'auto' },
    }),
  );

  await app.listen(config.getOrThrow<number>('app.port'));
}

void bootstrap();
