import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Throttle } from '@nestjs/throttler';
import { ConfirmCommand, HoldRoomCommand } from './commands/commands';
import { HoldStore } from './holds.store';

@Controller('reservations')
export class ReservationsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly holds: HoldStore,
  ) {}

  @Get(':night/held')
  held(@Param('night') night: string) {
    return this.holds.held(night);
  }

  @Post('hold')
  @Throttle({ short: { limit: 2, ttl: 1_000 } })
  hold(@Body() { room, night, guest }: HoldRoomCommand) {
    return this.commands.execute(new HoldRoomCommand(room, night, guest));
  }

  @Post('confirm')
  confirm(@Body() { room, night, guest }: ConfirmCommand) {
    return this.commands.execute(new ConfirmCommand(room, night, guest));
  }
}
