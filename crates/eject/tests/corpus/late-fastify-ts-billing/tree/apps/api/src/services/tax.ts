import { LRUCache } from "lru-cache";

const rates = new LRUCache<string, number>({
  max: 300,
  ttl: 3_600_000,
  fetchMethod: async (country) => {
    const response = await fetch(`https://tax.example.com/rates/${country}`);
    return ((await response.json()) as { rate: number }).rate;
  },
});

export async function taxRate(country: string): Promise<number> {
  const rate = await rates.fetch(country);
  if (rate === undefined) throw new Error(`no rate for ${country}`);
  return rate;
}

export function forget(country: string): void {
  rates.delete(country);
}
