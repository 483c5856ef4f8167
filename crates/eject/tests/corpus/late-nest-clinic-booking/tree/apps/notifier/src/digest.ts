import { RedisService } from '@liaoliaots/nestjs-redis';
import { Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import PgBoss from 'pg-boss';

@Injectable()
export class Digest {
  private readonly boss = new PgBoss(process.env.DATABASE_URL!);

  constructor(private readonly redisService: RedisService) {}

  @Cron('0 20 * * *')
  async nightly() {
    const redis = this.redisService.getClient('digest');
    const day = `day:${new Date().toISOString().slice(0, 10)}`;
    const patients = await redis.lrange(day, 0, -1);
    await this.boss.send('digest-mail', { patients: [...new Set(patients)] });
  }
}
