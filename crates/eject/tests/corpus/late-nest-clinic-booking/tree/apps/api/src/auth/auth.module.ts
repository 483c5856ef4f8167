import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { AuthController } from './auth.controller';
import { LockoutGuard } from './lockout.guard';
import { RefreshTokens } from './refresh-tokens';
import { UsersRepository } from './users.repository';

@Module({
  imports: [JwtModule.register({ secret: process.env.JWT_SECRET, signOptions: { expiresIn: '10m' } })],
  controllers: [AuthController],
  providers: [RefreshTokens, LockoutGuard, UsersRepository],
})
export class AuthModule {}
