export declare class RateLimiterRes {
  msBeforeNext: number;
  remainingPoints: number;
  consumedPoints: number;
}

export interface IRateLimiterOptions {
  keyPrefix?: string;
  points?: number;
  duration?: number;
  insuranceLimiter?: { consume(key: string | number, points?: number): Promise<unknown> };
}

export declare class RateLimiterRedis {
  constructor(options?: IRateLimiterOptions);
  consume(key: string | number, points?: number): Promise<RateLimiterRes>;
}
