import type { Redis } from "ioredis";
import Redlock, { ExecutionError, type Settings } from "redlock";

export class LockTimeout extends Error {
  constructor(readonly resource: string) {
    super(`could not lock ${resource}`);
  }
}

export class Mutex {
  private readonly redlock: Redlock;

  constructor(client: Redis, settings: Partial<Settings> = {}) {
    this.redlock = new Redlock([client], { retryCount: 8, retryDelay: 150, retryJitter: 75, ...settings });
    this.redlock.on("error", () => undefined);
  }

  async run<T>(resource: string, ms: number, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await this.redlock.using([`lock:${resource}`], ms, task);
    } catch (cause) {
      if (cause instanceof ExecutionError) throw new LockTimeout(resource);
      throw cause;
    }
  }
}
