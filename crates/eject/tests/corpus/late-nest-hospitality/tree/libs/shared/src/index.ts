export * from './locks/lock.module';
export * from './locks/lock.service';
export * from './money/rounding';
export * from './redis/redis.config';
export * from './redis/redis.constants';
export * from './redis/redis.module';
