import {
  DynamicModule,
  Global,
  Inject,
  Logger,
  Module,
  ModuleMetadata,
  OnApplicationShutdown,
} from '@nestjs/common';
import Redis, { RedisOptions } from 'ioredis';
import { REDIS, REDIS_OPTIONS } from './redis.constants';

export interface RedisModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  inject?: any[];
  useFactory: (...args: any[]) => RedisOptions | Promise<RedisOptions>;
}

@Global()
@Module({})
export class RedisModule implements OnApplicationShutdown {
  private readonly logger = new Logger(RedisModule.name);

  constructor(@Inject(REDIS) private readonly client: Redis) {
    this.client.on('error', (cause) => this.logger.error(cause.message));
  }

  static forRootAsync(options: RedisModuleAsyncOptions): DynamicModule {
    return {
      module: RedisModule,
      imports: options.imports ?? [],
      providers: [
        { provide: REDIS_OPTIONS, useFactory: options.useFactory, inject: options.inject ?? [] },
        {
          provide: REDIS,
          inject: [REDIS_OPTIONS],
          useFactory: (settings: RedisOptions) => new Redis({ ...settings, keyPrefix: 'hotel:' }),
        },
      ],
      exports: [REDIS],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.quit();
  }
}
