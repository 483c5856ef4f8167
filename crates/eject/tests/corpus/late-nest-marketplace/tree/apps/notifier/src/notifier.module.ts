import { Module } from '@nestjs/common';
import { NotifierController } from './notifier.controller';
import { Outbox } from './outbox';

@Module({ controllers: [NotifierController], providers: [Outbox] })
export class NotifierModule {}
