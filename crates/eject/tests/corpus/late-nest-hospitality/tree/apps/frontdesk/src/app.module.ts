import { createKeyv } from '@keyv/redis';
import { ThrottlerStorageRedisService } from '@nest-lab/throttler-storage-redis';
import { BullModule } from '@nestjs/bullmq';
import { CacheModule } from '@nestjs/cache-manager';
import { Module } from '@nestjs/common';
import { ConfigModule, ConfigType } from '@nestjs/config';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LockModule, REDIS, RedisModule, redisConfig } from '@hotel/shared';
import { CheckoutModule } from './checkout/checkout.module';
import { RatesModule } from './rates/rates.module';
import { ReservationsModule } from './reservations/reservations.module';

type RedisSettings = ConfigType<typeof redisConfig>;

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, cache: true, load: [redisConfig] }),
    TypeOrmModule.forRoot({ type: 'postgres', url: process.env.DATABASE_URL, autoLoadEntities: true }),
    RedisModule.forRootAsync({
      inject: [redisConfig.KEY],
      useFactory: (settings: RedisSettings) => settings,
    }),
    BullModule.forRootAsync({
      inject: [redisConfig.KEY],
      useFactory: (connection: RedisSettings) => ({ connection, prefix: 'hotel-jobs' }),
    }),
    CacheModule.registerAsync({
      isGlobal: true,
      inject: [redisConfig.KEY],
      useFactory: ({ host, port, password }: RedisSettings) => ({
        ttl: 30_000,
        stores: [createKeyv(`redis://:${password}@${host}:${port}/1`, { namespace: 'pages' })],
      }),
    }),
    ThrottlerModule.forRootAsync({
      inject: [REDIS],
      useFactory: (redis) => ({
        throttlers: [{ name: 'short', ttl: 1_000, limit: 10 }, { name: 'long', ttl: 60_000, limit: 200 }],
        storage: new ThrottlerStorageRedisService(redis),
      }),
    }),
    LockModule,
    CheckoutModule,
    RatesModule,
    ReservationsModule,
  ],
  providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
})
export class AppModule {}
