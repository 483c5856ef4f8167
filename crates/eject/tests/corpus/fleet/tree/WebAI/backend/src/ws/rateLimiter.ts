interface Bucket {
  tokens: number;
  refilledAt: number;
}

/** Limits messages of one WebSocket. State dies with the connection, so it is kept in memory and not in Redis. */
export class WebSocketRateLimiter {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly capacity = 20, private readonly perSecond = 5) {}

  consume(connection: string, now = Date.now()): boolean {
    const bucket = this.buckets.get(connection) ?? { tokens: this.capacity, refilledAt: now };
    bucket.tokens = Math.min(this.capacity, bucket.tokens + ((now - bucket.refilledAt) / 1000) * this.perSecond);
    bucket.refilledAt = now;
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens -= 1;
    this.buckets.set(connection, bucket);
    return allowed;
  }

  forget(connection: string): void {
    this.buckets.delete(connection);
  }
}
