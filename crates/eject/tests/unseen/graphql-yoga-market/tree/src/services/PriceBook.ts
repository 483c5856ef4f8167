import { LRUCache } from 'lru-cache';
import Keyv from 'keyv';
import type { Db } from '../infra/db.js';

export class PriceBook {
  private readonly cache = new LRUCache<string, number>({ max: 5_000, ttl: 60_000 });
  private readonly shipping = new Keyv<number>({ namespace: 'shipping' });

  constructor(private readonly db: Db) {}

  async of(sku: string): Promise<number> {
    const hit = this.cache.get(sku);
    if (hit !== undefined) return hit;
    const row = await this.db('prices').where({ sku }).first('cents');
    this.cache.set(sku, row.cents);
    return row.cents;
  }

  async shippingTo(country: string) {
    return (await this.shipping.get(country)) ?? 499;
  }
}
