import { getQueueToken } from '@nestjs/bullmq';
import { Test } from '@nestjs/testing';
import { AppModule } from '../src/app.module';

test('mail is queued', async () => {
  const app = await Test.createTestingModule({ imports: [AppModule] }).compile();
  expect(app.get(getQueueToken('mail'))).toBeDefined();
});
