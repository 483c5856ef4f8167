import { Global, Inject, Logger, Module, OnApplicationShutdown } from '@nestjs/common';
import { ConfigModule, ConfigType } from '@nestjs/config';
import Redis from 'ioredis';
import redisConfig from './redis.config';
import { REDIS, REDIS_SUBSCRIBER } from './redis.constants';

@Global()
@Module({
  imports: [ConfigModule.forFeature(redisConfig)],
  providers: [
    {
      provide: REDIS,
      inject: [redisConfig.KEY],
      useFactory: (config: ConfigType<typeof redisConfig>) => {
        const client = new Redis({ ...config, maxRetriesPerRequest: 3, enableAutoPipelining: true });
        client.on('error', (error) => new Logger('Redis').warn(error.message));
        return client;
      },
    },
    {
      provide: REDIS_SUBSCRIBER,
      inject: [REDIS],
      useFactory: (client: Redis) => client.duplicate({ enableReadyCheck: false }),
    },
  ],
  exports: [REDIS, REDIS_SUBSCRIBER],
})
export class RedisModule implements OnApplicationShutdown {
  constructor(
    @Inject(REDIS) private readonly client: Redis,
    @Inject(REDIS_SUBSCRIBER) private readonly subscriber: Redis,
  ) {}

  async onApplicationShutdown() {
    this.subscriber.disconnect();
    await this.client.quit();
  }
}
