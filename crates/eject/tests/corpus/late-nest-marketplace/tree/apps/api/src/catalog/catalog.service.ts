import { CACHE_MANAGER } from '@nestjs/cache-manager';
import { Inject, Injectable } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { InjectRepository } from '@nestjs/typeorm';
import type { Cache } from 'cache-manager';
import { Repository } from 'typeorm';
import { Product } from './product.entity';

@Injectable()
export class CatalogService {
  constructor(
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
    @InjectRepository(Product) private readonly products: Repository<Product>,
    private readonly events: EventEmitter2,
  ) {}

  bySku(sku: string): Promise<Product | null> {
    return this.cache.wrap(`product:${sku}`, () => this.products.findOneBy({ sku }), 120_000);
  }

  async bestsellers(): Promise<Product[]> {
    return this.products.find({ order: { queuePosition: 'ASC' }, take: 20, cache: { id: 'bestsellers', milliseconds: 60_000 } });
  }

  async reprice(sku: string, cents: number): Promise<void> {
    await this.products.update({ sku }, { cents });
    await this.cache.del(`product:${sku}`);
    this.events.emit('price.changed', { sku, cents });
  }
}
