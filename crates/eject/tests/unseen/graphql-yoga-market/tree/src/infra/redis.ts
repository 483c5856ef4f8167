import Redis, { type RedisOptions } from 'ioredis';
import { env } from '../env.js';

export function connect(connectionName: string, options: RedisOptions = {}): Redis {
  const redis = new Redis(env.REDIS_URL, { connectionName, keyPrefix: env.REDIS_KEY_PREFIX, ...options });
  redis.on('error', (error) => console.error(`${connectionName}: ${error.message}`));
  return redis;
}
