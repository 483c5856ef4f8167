import { Queue, Scheduler } from "node-resque";
import { api } from "./api.js";

export const tasks = {
  async start() {
    api.queue = new Queue({ connection: { redis: api.stores.main } });
    api.scheduler = new Scheduler({ connection: { redis: api.stores.main } });
    await api.queue.connect();
    await api.scheduler.connect();
    await api.queue.enqueueIn(1000, "default", "prune", []);
    api.counters.set("started", 1);
  },
};
