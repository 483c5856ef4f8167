import { BaseQueue } from "./base.js";

export class ReportQueue extends BaseQueue {
  constructor() {
    super("reports");
  }

  async schedule(name: string) {
    await this.queue.upsertJobScheduler(name, { pattern: "0 6 * * *" }, { name });
  }
}
