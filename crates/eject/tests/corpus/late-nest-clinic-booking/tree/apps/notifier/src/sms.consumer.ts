import { OnQueueFailed, Process, Processor } from '@nestjs/bull';
import { Job } from 'bull';
import { InjectRedis } from '@liaoliaots/nestjs-redis';
import Redis from 'ioredis';

@Processor('sms')
export class SmsConsumer {
  constructor(@InjectRedis('digest') private readonly redis: Redis) {}

  @Process({ name: 'remind', concurrency: 4 })
  async send(job: Job<{ patient: string; at: string }>) {
    await this.redis.rpush(`day:${new Date().toISOString().slice(0, 10)}`, job.data.patient);
  }

  @OnQueueFailed()
  failed(job: Job, err: Error) {
    console.error('sms', job.id, err.message);
  }
}
