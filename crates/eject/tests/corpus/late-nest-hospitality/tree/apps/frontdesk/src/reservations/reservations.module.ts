import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CommandHandlers } from './commands';
import { HoldStore } from './holds.store';
import { Reservation } from './reservation.entity';
import { ReservationsController } from './reservations.controller';
import { ReservationsSaga } from './reservations.saga';

@Module({
  imports: [CqrsModule, TypeOrmModule.forFeature([Reservation])],
  controllers: [ReservationsController],
  providers: [...CommandHandlers, HoldStore, ReservationsSaga],
})
export class ReservationsModule {}
