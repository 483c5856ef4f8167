import { DynamicModule, Inject, Logger, Module, OnApplicationShutdown, Provider } from '@nestjs/common';
import IORedis, { Redis, RedisOptions } from 'ioredis';
import { KV_DEFAULT, KV_TOKENS } from './kv.decorators';

const OPTIONS = Symbol('KV_OPTIONS');

export interface KvModuleAsyncOptions {
  imports?: any[];
  inject?: any[];
  useFactory: (...args: any[]) => RedisOptions | Promise<RedisOptions>;
}

const connect = (options: RedisOptions, db: number): Redis => {
  const kv = new IORedis({ ...options, db, maxRetriesPerRequest: null, lazyConnect: false });
  const log = new Logger(`kv:${db}`);
  kv.on('error', (e) => log.error(e.message));
  return kv;
};

const clients: Provider[] = [
  { provide: KV_DEFAULT, inject: [OPTIONS], useFactory: (o: RedisOptions) => connect(o, 0) },
  { provide: KV_TOKENS, inject: [OPTIONS], useFactory: (o: RedisOptions) => connect(o, 1) },
];

@Module({})
export class KvModule implements OnApplicationShutdown {
  constructor(
    @Inject(KV_DEFAULT) private readonly main: Redis,
    @Inject(KV_TOKENS) private readonly tokens: Redis,
  ) {}

  static forRootAsync(options: KvModuleAsyncOptions): DynamicModule {
    return {
      module: KvModule,
      global: true,
      imports: options.imports ?? [],
      providers: [{ provide: OPTIONS, inject: options.inject ?? [], useFactory: options.useFactory }, ...clients],
      exports: [KV_DEFAULT, KV_TOKENS],
    };
  }

  async onApplicationShutdown() {
    await Promise.all([this.main.quit(), this.tokens.quit()]);
  }
}
