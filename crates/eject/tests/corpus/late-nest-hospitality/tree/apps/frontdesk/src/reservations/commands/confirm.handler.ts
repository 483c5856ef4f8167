import { CommandHandler, EventBus, ICommandHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { LockService } from '@hotel/shared/locks/lock.service';
import { HoldStore } from '../holds.store';
import { Reservation } from '../reservation.entity';
import { ConfirmCommand, RoomConfirmed } from './commands';

@CommandHandler(ConfirmCommand)
export class ConfirmHandler implements ICommandHandler<ConfirmCommand, string> {
  constructor(
    @InjectRepository(Reservation) private readonly reservations: Repository<Reservation>,
    private readonly events: EventBus,
    private readonly holds: HoldStore,
    private readonly locks: LockService,
  ) {}

  async execute({ room, night, guest }: ConfirmCommand): Promise<string> {
    return this.locks.exclusively(`room:${room}:${night}`, 5_000, async () => {
      const taken = await this.reservations.findOneBy({ room, night });
      if (taken) return taken.id;
      const { id } = await this.reservations.save({ room, night, guest });
      await this.holds.release(room, night);
      this.events.publish(new RoomConfirmed(id, room));
      return id;
    });
  }
}
