/** What code may count on of the stand-in of bullmq, as far as the tree beside this needs it. */
import type { EventEmitter } from "node:events";

export interface BackoffOptions {
  type: "fixed" | "exponential";
  delay?: number;
}

export interface JobsOptions {
  attempts?: number;
  backoff?: number | BackoffOptions;
  delay?: number;
}

export interface QueueOptions {
  defaultJobOptions?: JobsOptions;
}

export interface WorkerOptions {
  concurrency?: number;
}

export declare class Job<Data = unknown> {
  id?: string;
  name: string;
  data: Data;
}

export declare class Queue<Data = unknown> extends EventEmitter {
  constructor(name: string, options?: QueueOptions);
  add(name: string, data: Data, options?: JobsOptions): Promise<Job<Data>>;
  close(): Promise<void>;
}

export declare class QueueEvents extends EventEmitter {
  constructor(name: string, options?: Record<never, never>);
  close(): Promise<void>;
}

export declare class Worker<Data = unknown> {
  constructor(name: string, processor: (job: Job<Data>) => Promise<unknown>, options?: WorkerOptions);
  on(event: "failed", listener: (job: Job<Data> | undefined, error: Error) => void): this;
  close(): Promise<void>;
}
