export class HoldRoomCommand {
  constructor(
    readonly room: string,
    readonly night: string,
    readonly guest: string,
  ) {}
}

export class ConfirmCommand {
  constructor(
    readonly room: string,
    readonly night: string,
    readonly guest: string,
  ) {}
}

export class RoomConfirmed {
  constructor(
    readonly id: string,
    readonly room: string,
  ) {}
}
