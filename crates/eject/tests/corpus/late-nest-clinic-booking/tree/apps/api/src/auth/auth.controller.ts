import { Body, Controller, HttpCode, Post, UnauthorizedException, UseGuards } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { SkipThrottle, Throttle } from '@nestjs/throttler';
import { LockoutGuard } from './lockout.guard';
import { RefreshTokens } from './refresh-tokens';
import { UsersRepository } from './users.repository';

@Controller('auth')
export class AuthController {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokens: RefreshTokens,
    private readonly lockout: LockoutGuard,
    private readonly jwt: JwtService,
  ) {}

  @Post('login')
  @UseGuards(LockoutGuard)
  @Throttle({ default: { limit: 10, ttl: 60_000 } })
  async login(@Body() body: { email: string; password: string }) {
    const user = await this.users.verify(body.email, body.password);
    if (!user) {
      await this.lockout.failed(body.email);
      throw new UnauthorizedException();
    }
    await this.lockout.clear(body.email);
    return { access: this.jwt.sign({ sub: user.id }), refresh: await this.tokens.issue(user.id) };
  }

  @Post('refresh')
  async refresh(@Body('refresh') token: string) {
    const next = await this.tokens.rotate(token);
    if (!next) throw new UnauthorizedException('refresh_reused');
    return { access: this.jwt.sign({ sub: next.userId }), refresh: next.token };
  }

  @Post('logout')
  @HttpCode(204)
  @SkipThrottle()
  logout(@Body('refresh') token: string) {
    return this.tokens.revoke(token);
  }
}
