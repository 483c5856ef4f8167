import DataLoader from 'dataloader';
import type { Db } from './infra/db.js';

export interface Product {
  id: string;
  title: string;
  cents: number;
}

/** One set for each request; DataLoader's cache ends with it. */
export function createLoaders(db: Db) {
  const product = new DataLoader<string, Product | undefined>(async (ids) => {
    const rows: Product[] = await db('products').whereIn('id', [...ids]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id));
  });
  return { product, clear: (id: string) => product.clear(id) };
}
