import type { Store, ClientRateLimitInfo } from "express-rate-limit";

export declare class RedisStore implements Store {
  constructor(options?: { prefix?: string; resetExpiryOnChange?: boolean });
  increment(key: string): Promise<ClientRateLimitInfo>;
  decrement(key: string): Promise<void>;
  resetKey(key: string): Promise<void>;
}

export default RedisStore;
