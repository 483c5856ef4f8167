import { Injectable, Logger } from '@nestjs/common';
import { ofType, Saga } from '@nestjs/cqrs';
import { EMPTY, mergeMap, Observable, tap } from 'rxjs';
import { RoomConfirmed } from './commands/commands';

@Injectable()
export class ReservationsSaga {
  private readonly logger = new Logger('reservations');

  @Saga()
  confirmed = (events$: Observable<unknown>) =>
    events$.pipe(
      ofType(RoomConfirmed),
      tap(({ id, room }) => this.logger.log(`${room} confirmed as ${id}`)),
      mergeMap(() => EMPTY),
    );
}
