import { Redis } from 'ioredis';
import type { CatalogService } from './CatalogService.js';

const TTL = 14 * 24 * 3600;
const keyOf = (user: string) => `cart:${user}`;

export class CartService {
  readonly #redis: Redis;
  readonly #catalog: CatalogService;

  constructor(redis: Redis, catalog: CatalogService) {
    this.#redis = redis;
    this.#catalog = catalog;
  }

  async add(user: string, sku: string, quantity: number) {
    await this.#redis.hincrby(keyOf(user), sku, quantity);
    await this.#redis.expire(keyOf(user), TTL);
  }

  async lines(user: string) {
    const cart = await this.#redis.hgetall(keyOf(user));
    const products = await this.#catalog.many(Object.keys(cart));
    return products.map((product) => ({ product, quantity: Number(cart[product.id]) }));
  }
}
