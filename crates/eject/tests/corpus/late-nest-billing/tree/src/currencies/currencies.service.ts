import { Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';

/** Rates are few: they stay in the process, a distributed cache would be overkill. */
@Injectable()
export class CurrenciesService {
  private readonly cache = new Map<string, number>();
  private readonly queue: Array<() => void> = [];

  get(code: string) {
    return this.cache.get(code) ?? 1;
  }

  @Cron('0 4 * * *')
  refresh() {
    this.cache.clear();
    this.cache.set('EUR', 1);
    while (this.queue.length) this.queue.shift()?.();
  }
}
