import { cleanEnv, num, port, str, url } from 'envalid';

export const env = cleanEnv(process.env, {
  PORT: port({ default: 4000 }),
  DATABASE_URL: url(),
  REDIS_URL: url({ devDefault: 'redis://localhost:6379' }),
  REDIS_KEY_PREFIX: str({ default: 'market:' }),
  MONGO_URL: url(),
  KAFKA_BROKERS: str({ default: '' }),
  APQ_TTL_SECONDS: num({ default: 86_400 }),
});
