import { CacheInterceptor, CacheTTL } from '@nestjs/cache-manager';
import { Controller, Get, MessageEvent, NotFoundException, Param, Query, Sse, UseInterceptors } from '@nestjs/common';
import { map, Observable } from 'rxjs';
import { CatalogService } from './catalog.service';
import { PriceStream } from './price-stream';
import { SuggestionIndex } from './suggestion-index';

@Controller('catalog')
export class CatalogController {
  constructor(
    private readonly catalog: CatalogService,
    private readonly prices: PriceStream,
    private readonly suggestions: SuggestionIndex,
  ) {}

  @Get('bestsellers')
  @UseInterceptors(CacheInterceptor)
  @CacheTTL(30_000)
  bestsellers() {
    return this.catalog.bestsellers();
  }

  @Get('suggest')
  suggest(@Query('q') q: string) {
    return this.suggestions.find(q ?? '');
  }

  @Sse('prices')
  stream(): Observable<MessageEvent> {
    return this.prices.changes.pipe(map((data) => ({ data })));
  }

  @Get(':sku')
  async one(@Param('sku') sku: string) {
    const product = await this.catalog.bySku(sku);
    if (!product) throw new NotFoundException();
    return product;
  }
}
