import { Inject, Injectable } from '@nestjs/common';
import { HealthCheckError, HealthIndicator, HealthIndicatorResult } from '@nestjs/terminus';
import Redis from 'ioredis';
import { REDIS } from '@app/redis';

@Injectable()
export class RedisHealthIndicator extends HealthIndicator {
  constructor(@Inject(REDIS) private readonly redis: Redis) {
    super();
  }

  async isHealthy(key: string): Promise<HealthIndicatorResult> {
    const pong = await this.redis.ping().catch(() => null);
    const result = this.getStatus(key, pong === 'PONG', { status: this.redis.status });
    if (pong !== 'PONG') throw new HealthCheckError('redis is away', result);
    return result;
  }
}
