import { CanActivate, ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { TokenDenylist } from './token-denylist';

@Injectable()
export class AuthGuard implements CanActivate {
  private readonly key = createPublicKey(readFileSync(process.env.JWT_PUBLIC_KEY_FILE ?? './keys/dev.pub'));
  /** Signatures that were checked already, for this process. */
  private readonly verified = new Set<string>();

  constructor(private readonly denylist: TokenDenylist) {}

  async canActivate(context: ExecutionContext) {
    const request = context.switchToHttp().getRequest();
    const token = String(request.headers.authorization ?? '').replace(/^Bearer /, '');
    const [head, body, signature] = token.split('.');
    if (!signature) throw new UnauthorizedException();
    if (!this.verified.has(token)) {
      if (!verify(null, Buffer.from(`${head}.${body}`), this.key, Buffer.from(signature, 'base64url'))) {
        throw new UnauthorizedException();
      }
      if (this.verified.size > 5_000) this.verified.clear();
      this.verified.add(token);
    }
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    if (claims.exp * 1_000 < Date.now() || (await this.denylist.isDenied(claims.jti))) throw new UnauthorizedException();
    request.user = claims;
    return true;
  }
}
