import { CacheInterceptor, CacheTTL } from '@nestjs/cache-manager';
import { Controller, Get, Param, Post, UseInterceptors } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { SkipThrottle } from '@nestjs/throttler';
import { InvoicesService } from './invoices.service';

@Controller('invoices')
export class InvoicesController {
  constructor(private readonly invoices: InvoicesService) {}

  @Post(':id/issue')
  issue(@Param('id') id: string) {
    return this.invoices.issue(id);
  }

  @Get('waiting')
  @SkipThrottle()
  @UseInterceptors(CacheInterceptor)
  @CacheTTL(5_000)
  waiting() {
    return this.invoices.waiting();
  }

  @EventPattern('payment.received')
  paid(@Payload() payload: { invoice: string }) {
    return this.invoices.issue(payload.invoice);
  }
}
