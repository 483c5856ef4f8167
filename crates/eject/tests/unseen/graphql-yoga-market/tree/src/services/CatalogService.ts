import type { createRedisCache } from '@envelop/response-cache-redis';
import type { Db } from '../infra/db.js';
import type { Product } from '../loaders.js';

export class CatalogService {
  constructor(
    private readonly db: Db,
    private readonly responses: ReturnType<typeof createRedisCache>,
  ) {}

  many(ids: string[]): Promise<Product[]> {
    return this.db('products').whereIn('id', ids);
  }

  async rename(id: string, title: string): Promise<Product> {
    const [product] = await this.db('products').where({ id }).update({ title }).returning('*');
    await this.responses.invalidate([{ typename: 'Product', id }]);
    return product;
  }
}
