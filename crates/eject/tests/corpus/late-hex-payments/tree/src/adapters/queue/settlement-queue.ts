import { Queue } from "bullmq";
import { type Disposable, inject, singleton } from "tsyringe";
import type { Settlement, Settlements } from "../../domain/ports";
import { TOKENS } from "../../tokens";
import type { RedisConnection } from "../redis/connection";

@singleton()
export class SettlementQueue implements Settlements, Disposable {
  private readonly queue: Queue<Settlement>;

  constructor(@inject(TOKENS.Redis) redis: RedisConnection) {
    this.queue = new Queue<Settlement>("settlements", { connection: redis, prefix: "{payments}" });
  }

  async enqueue(settlement: Settlement): Promise<void> {
    await this.queue.add("settle", settlement, {
      jobId: settlement.paymentId,
      attempts: 8,
      backoff: { type: "exponential", delay: 1_000 },
    });
  }

  dispose(): Promise<void> {
    return this.queue.close();
  }
}
