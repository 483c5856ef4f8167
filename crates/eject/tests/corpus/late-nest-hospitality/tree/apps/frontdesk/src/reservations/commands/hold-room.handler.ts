import { ConflictException } from '@nestjs/common';
import { CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { HoldStore } from '../holds.store';
import { HoldRoomCommand } from './commands';

@CommandHandler(HoldRoomCommand)
export class HoldRoomHandler implements ICommandHandler<HoldRoomCommand> {
  constructor(private readonly holds: HoldStore) {}

  async execute({ room, night, guest }: HoldRoomCommand): Promise<void> {
    if (!(await this.holds.hold(room, night, guest))) throw new ConflictException(`${room} is held`);
  }
}
