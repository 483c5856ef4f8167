import { Body, Controller, Get, Post, Req, UseGuards } from '@nestjs/common';
import { Throttle } from '@nestjs/throttler';
import { AuthGuard } from '../auth/auth.guard';
import { CartService } from './cart.service';

@UseGuards(AuthGuard)
@Controller('cart')
export class CartController {
  constructor(private readonly cart: CartService) {}

  @Get()
  lines(@Req() request: { user: { sub: string } }) {
    return this.cart.lines(request.user.sub);
  }

  @Throttle({ default: { limit: 20, ttl: 10_000 } })
  @Post()
  async add(@Req() request: { user: { sub: string } }, @Body() body: { sku: string; quantity?: number }) {
    return { quantity: await this.cart.add(request.user.sub, body.sku, body.quantity ?? 1) };
  }
}
