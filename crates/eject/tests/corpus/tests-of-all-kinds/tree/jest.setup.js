process.env.REDIS_URL = 'redis://localhost:6379/9';
jest.mock('ioredis', () => require('ioredis-mock'));
