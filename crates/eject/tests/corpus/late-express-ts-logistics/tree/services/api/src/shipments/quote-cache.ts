import type { Redis } from "ioredis";

export interface Quote {
  carrier: string;
  cents: number;
  days: number;
}

export class QuoteCache {
  constructor(private readonly redis: Redis) {}

  private key(lane: string, kg: number) {
    return `quote:${lane}:${Math.ceil(kg)}`;
  }

  async find(lane: string, kg: number): Promise<Quote[] | undefined> {
    const raw = await this.redis.getBuffer(this.key(lane, kg));
    return raw ? (JSON.parse(raw.toString("utf8")) as Quote[]) : undefined;
  }

  async store(lane: string, kg: number, quotes: Quote[]): Promise<void> {
    const key = this.key(lane, kg);
    await this.redis.set(key, JSON.stringify(quotes), "EX", 900);
  }
}
