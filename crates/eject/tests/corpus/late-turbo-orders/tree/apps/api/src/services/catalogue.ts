import { cached } from "@orders/cache";
import { sql, type Product } from "@/db";

export class Catalogue {
  @cached({ key: (sku: string) => `product:${sku}`, ttl: 300 })
  async bySku(sku: string): Promise<Product | undefined> {
    const [row] = await sql<Product[]>`select * from products where sku = ${sku}`;
    return row;
  }
}
