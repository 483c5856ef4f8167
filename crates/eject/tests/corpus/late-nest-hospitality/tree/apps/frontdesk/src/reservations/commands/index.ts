import { ConfirmHandler } from './confirm.handler';
import { HoldRoomHandler } from './hold-room.handler';

export const CommandHandlers = [HoldRoomHandler, ConfirmHandler];
