import { BullModule } from '@nestjs/bullmq';
import { CacheModule } from '@nestjs/cache-manager';
import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService, ConfigType } from '@nestjs/config';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { ThrottlerStorageRedisService } from '@nest-lab/throttler-storage-redis';
import { KvModule, KV_DEFAULT } from '@clinic/platform';
import { redisStore } from 'cache-manager-ioredis-yet';
import { AuthModule } from './auth/auth.module';
import { BookingsModule } from './bookings/bookings.module';
import { httpConfig, redisConfig } from './config';
import { ReportsModule } from './reports/reports.module';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, load: [redisConfig, httpConfig] }),
    KvModule.forRootAsync({
      inject: [redisConfig.KEY],
      useFactory: (r: ConfigType<typeof redisConfig>) => r,
    }),
    BullModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        connection: { ...config.getOrThrow('redis'), db: 3 },
        prefix: '{clinic}',
        defaultJobOptions: { attempts: 5, backoff: { type: 'exponential', delay: 1000 }, removeOnComplete: 500 },
      }),
    }),
    CacheModule.registerAsync({
      isGlobal: true,
      inject: [ConfigService],
      useFactory: async (config: ConfigService) => {
        const dsn = new URL(config.getOrThrow<string>('CACHE_DSN'));
        return {
          store: await redisStore({
            host: dsn.hostname,
            port: Number(dsn.port),
            password: dsn.password,
            db: Number(dsn.pathname.slice(1)),
            ttl: 30_000,
          }),
        };
      },
    }),
    ThrottlerModule.forRootAsync({
      inject: [ConfigService, KV_DEFAULT],
      useFactory: (config: ConfigService, kv: any) => ({
        throttlers: [{ ttl: 60_000, limit: config.getOrThrow<number>('http.throttle') }],
        storage: new ThrottlerStorageRedisService(kv),
      }),
    }),
    AuthModule,
    BookingsModule,
    ReportsModule,
  ],
  providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
})
export class AppModule {}
