import { Injectable } from '@nestjs/common';
import { toRappen } from '@hotel/shared/money/rounding';

/** Rates are few: a map suffices, no `redis.hget` for each night. */
@Injectable()
export class RatesService {
  private readonly client = new Map<string, number>();

  rate(room: string, occupancy: number): number {
    const key = `${room}:${Math.round(occupancy * 10)}`;
    const known = this.client.get(key);
    if (known !== undefined) return known;
    const cents = toRappen(12_000 * (1 + Math.max(0, occupancy - 0.6)));
    this.client.set(key, cents);
    return cents;
  }
}
