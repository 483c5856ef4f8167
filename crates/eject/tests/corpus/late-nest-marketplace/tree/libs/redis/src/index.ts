export * from './redis.constants';
export { RedisModule } from './redis.module';
