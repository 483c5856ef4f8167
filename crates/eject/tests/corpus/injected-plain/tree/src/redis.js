import IORedis from 'ioredis';

export function makeRedis() {
  return new IORedis({ host: process.env.REDIS_HOST });
}
