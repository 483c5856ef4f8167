import { Inject } from '@nestjs/common';
import { Redis } from 'ioredis';
import { REDIS } from '@hotel/shared';

/** The screens of the lobby, which were taken down in 2023. */
export class ScreensGateway {
  constructor(@Inject(REDIS) private readonly redis: Redis) {}

  async welcome(guest: string): Promise<void> {
    await this.redis.publish('screens', guest);
  }
}
