import { getQueueToken } from '@nestjs/bull';
import { Test } from '@nestjs/testing';
import RedisMock from 'ioredis-mock';
import { AppModule } from '../src/app.module';

describe('invoices', () => {
  it('issues once', async () => {
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider('default_IORedisModuleConnectionToken')
      .useValue(new RedisMock())
      .overrideProvider(getQueueToken('invoices'))
      .useValue({ add: jest.fn() })
      .compile();
    expect(module).toBeDefined();
  });
});
