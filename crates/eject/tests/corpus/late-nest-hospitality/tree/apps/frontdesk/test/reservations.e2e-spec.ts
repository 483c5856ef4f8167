import { Test } from '@nestjs/testing';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { RedisContainer, StartedRedisContainer } from '@testcontainers/redis';
import Redis from 'ioredis';
import request from 'supertest';

describe('reservations', () => {
  let redis: StartedRedisContainer;

  beforeAll(async () => {
    const database = await new PostgreSqlContainer('postgres:16').start();
    redis = await new RedisContainer('redis:7.4').start();
    process.env.DATABASE_URL = database.getConnectionUri();
    process.env.REDIS_HOST = redis.getHost();
    process.env.REDIS_PORT = String(redis.getPort());
  }, 60_000);

  it('holds a room for one guest', async () => {
    const { AppModule } = await import('../src/app.module');
    const app = (await Test.createTestingModule({ imports: [AppModule] }).compile()).createNestApplication();
    await app.init();
    const hold = { room: '204', night: '2026-02-01', guest: 'ada' };
    await request(app.getHttpServer()).post('/reservations/hold').send(hold).expect(201);
    await request(app.getHttpServer()).post('/reservations/hold').send({ ...hold, guest: 'bob' }).expect(409);
    const client = new Redis(redis.getConnectionUrl());
    expect(await client.ttl('hotel:holds:2026-02-01:204')).toBeGreaterThan(800);
    await client.quit();
    await app.close();
  });
});
