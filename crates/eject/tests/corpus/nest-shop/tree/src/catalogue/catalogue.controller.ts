import { Controller, Get } from '@nestjs/common';

@Controller('catalogue')
export class CatalogueController {
  @Get()
  list() {
    return [{ sku: 'A1', title: 'Redistribution valve' }];
  }
}
