import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogController } from './catalog.controller';
import { CatalogService } from './catalog.service';
import { PriceStream } from './price-stream';
import { Product } from './product.entity';
import { SuggestionIndex } from './suggestion-index';

@Module({
  imports: [TypeOrmModule.forFeature([Product])],
  controllers: [CatalogController],
  providers: [CatalogService, PriceStream, SuggestionIndex],
  exports: [CatalogService],
})
export class CatalogModule {}
