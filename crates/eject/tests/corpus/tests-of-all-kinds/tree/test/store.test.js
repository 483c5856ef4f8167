const { RedisMemoryServer } = require('redis-memory-server');
const Redis = require('ioredis');

test('it adds', async () => {
  const server = new RedisMemoryServer();
  const redis = new Redis(await server.getPort());
  await redis.set('a', 'b');
});
