import { CanActivate, ExecutionContext, HttpException, Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { InjectKv } from '@clinic/platform';

@Injectable()
export class LockoutGuard implements CanActivate {
  constructor(@InjectKv() private readonly kv: Redis) {}

  async canActivate(ctx: ExecutionContext): Promise<boolean> {
    const email = ctx.switchToHttp().getRequest().body?.email;
    const n = Number(await this.kv.get(this.key(email)));
    if (n >= 6) throw new HttpException('locked', 423);
    return true;
  }

  async failed(email: string) {
    await this.kv.multi().incr(this.key(email)).expire(this.key(email), 900).exec();
  }

  clear = (email: string) => this.kv.del(this.key(email));

  private key = (email: string) => `lockout:${String(email).toLowerCase()}`;
}
