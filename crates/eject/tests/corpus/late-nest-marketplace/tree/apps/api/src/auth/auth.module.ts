import { Module } from '@nestjs/common';
import { AuthGuard } from './auth.guard';
import { TokenDenylist } from './token-denylist';

@Module({ providers: [TokenDenylist, AuthGuard], exports: [TokenDenylist, AuthGuard] })
export class AuthModule {}
