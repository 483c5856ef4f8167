import { registerAs } from '@nestjs/config';

export default registerAs('app', () => ({
  port: Number(process.env.HTTP_PORT ?? 3000),
  cacheTtl: Number(process.env.CACHE_TTL ?? 60_000),
  rabbitUrl: process.env.RABBIT_URL,
}));
