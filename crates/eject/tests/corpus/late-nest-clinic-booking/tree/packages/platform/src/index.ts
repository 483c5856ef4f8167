export * from './kv/kv.module';
export { InjectKv, KV_DEFAULT, KV_TOKENS } from './kv/kv.decorators';
export { MutexService } from './mutex.service';
export { Memo } from './memo';
export { localDay, overlaps } from './time';
