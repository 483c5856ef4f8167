import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { InjectRedis } from '@app/redis';

@Injectable()
export class TokenDenylist {
  constructor(@InjectRedis() private readonly redis: Redis) {}

  /** Until it would have expired anyway. */
  async deny(jti: string, exp: number) {
    await this.redis.set(`deny:${jti}`, '', 'EXAT', exp);
  }

  async isDenied(jti: string) {
    return (await this.redis.exists(`deny:${jti}`)) === 1;
  }
}
