import Keyv from 'keyv';
import KeyvRedis from '@keyv/redis';
import { env } from '../env.js';

export class ExchangeRates {
  private readonly store = new Keyv<number>({
    store: new KeyvRedis(env.REDIS_URL, { useRedisSets: false }),
    namespace: 'fx',
    ttl: 3_600_000,
  });

  async of(currency: string): Promise<number> {
    const known = await this.store.get(currency);
    if (known !== undefined) return known;
    const reply = await fetch(`https://rates.example.com/v1/USD/${currency}`);
    const { rate } = (await reply.json()) as { rate: number };
    await this.store.set(currency, rate);
    return rate;
  }
}
