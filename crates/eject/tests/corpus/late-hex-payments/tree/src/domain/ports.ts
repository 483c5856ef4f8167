export interface Settlement {
  paymentId: string;
  amount: number;
}

/** Remembers what was answered to a request. In production it is Redis that remembers. */
export interface IdempotencyStore {
  claim(key: string, ttl: number): Promise<unknown | "new">;
  complete(key: string, response: unknown): Promise<void>;
}

export interface Lock {
  with<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export interface Settlements {
  enqueue(settlement: Settlement): Promise<void>;
}

export interface Payments {
  capture(id: string): Promise<Settlement>;
}
