import { DynamicModule, Module } from '@nestjs/common';
import { LOCK_OPTIONS, LockOptions } from './lock.options';
import { LockService } from './lock.service';

@Module({})
export class LockModule {
  static forRoot(options: LockOptions): DynamicModule {
    return {
      module: LockModule,
      global: true,
      providers: [{ provide: LOCK_OPTIONS, useValue: options }, LockService],
      exports: [LockService],
    };
  }
}
