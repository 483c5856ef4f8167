import { inject, injectable } from "tsyringe";
import type { IdempotencyStore, Lock, Payments, Settlements } from "../domain/ports";
import { TOKENS } from "../tokens";

@injectable()
export class CapturePayment {
  constructor(
    @inject(TOKENS.IdempotencyStore) private readonly idempotency: IdempotencyStore,
    @inject(TOKENS.Lock) private readonly lock: Lock,
    @inject(TOKENS.Payments) private readonly payments: Payments,
    @inject(TOKENS.Settlements) private readonly settlements: Settlements,
  ) {}

  async execute(id: string, key: string) {
    const before = await this.idempotency.claim(key, 60);
    if (before !== "new") return before;
    return this.lock.with(`payment:${id}`, async () => {
      const settlement = await this.payments.capture(id);
      await this.settlements.enqueue(settlement);
      const response = { id, state: "captured" };
      await this.idempotency.complete(key, response);
      return response;
    });
  }
}
