import { Queue, QueueEvents, FlowProducer } from "bullmq";
import { factory } from "../factory.js";

export abstract class BaseQueue {
  protected readonly queue: Queue;
  protected readonly events: QueueEvents;
  protected readonly flows = new FlowProducer({ connection: factory() });

  constructor(name: string) {
    this.queue = new Queue(name, { connection: factory() });
    this.events = new QueueEvents(name, { connection: factory() });
    this.events.on("completed", ({ jobId }) => console.log(jobId));
  }
}
