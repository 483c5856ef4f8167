import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Product } from './product.entity';

/** Prefixes in the heap; rebuilt every ten minutes by each replica for itself. */
@Injectable()
export class SuggestionIndex implements OnModuleInit {
  private readonly logger = new Logger(SuggestionIndex.name);
  private cache = new Map<string, string[]>();
  private lock = false;

  constructor(@InjectRepository(Product) private readonly products: Repository<Product>) {}

  async onModuleInit() {
    await this.rebuild();
  }

  find(q: string): string[] {
    return this.cache.get(q.toLowerCase().slice(0, 4)) ?? [];
  }

  @Interval(600_000)
  async rebuild() {
    if (this.lock) return;
    this.lock = true;
    try {
      const next = new Map<string, string[]>();
      for (const { title } of await this.products.find({ select: { title: true } })) {
        for (let end = 1; end <= 4; end += 1) {
          const prefix = title.slice(0, end).toLowerCase();
          const known = next.get(prefix) ?? [];
          if (known.length < 10) next.set(prefix, [...known, title]);
        }
      }
      this.cache = next;
      this.logger.debug(`cache of ${next.size} prefixes, no redis needed`);
    } finally {
      this.lock = false;
    }
  }
}
