import type { Settlement, Settlements } from "../../src/domain/ports";

export class FakeSettlementQueue implements Settlements {
  readonly queue: Settlement[] = [];

  async enqueue(settlement: Settlement): Promise<void> {
    this.queue.push(settlement);
  }
}
