import { registerAs } from '@nestjs/config';

export const redisConfig = registerAs('redis', () => ({
  host: process.env.REDIS_HOST ?? 'localhost',
  port: parseInt(process.env.REDIS_PORT || '6379', 10),
  password: process.env.REDIS_PASSWORD,
  tls: process.env.REDIS_TLS === 'true' ? {} : undefined,
}));

export const httpConfig = registerAs('http', () => ({
  throttle: Number(process.env.THROTTLE_LIMIT ?? 120),
  origin: process.env.CORS_ORIGIN?.split(',') ?? [],
}));
