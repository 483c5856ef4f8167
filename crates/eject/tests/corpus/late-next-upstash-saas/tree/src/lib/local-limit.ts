interface Bucket {
  tokens: number;
  updated: number;
}

const buckets = new Map<string, Bucket>();

/** For the preview deployments alone: each instance counts for itself. */
export class Ratelimit {
  constructor(private readonly perMinute: number) {}

  limit(key: string) {
    const now = Date.now();
    const bucket = buckets.get(key) ?? { tokens: this.perMinute, updated: now };
    bucket.tokens = Math.min(this.perMinute, bucket.tokens + ((now - bucket.updated) / 60_000) * this.perMinute);
    bucket.updated = now;
    const success = bucket.tokens >= 1;
    if (success) bucket.tokens -= 1;
    buckets.set(key, bucket);
    return { success };
  }
}
