import { Store, type SessionData } from "express-session";

export declare class RedisStore extends Store {
  constructor(options?: { prefix?: string; ttl?: number; disableTouch?: boolean });
  get(sid: string, callback: (error: unknown, session?: SessionData | null) => void): void;
  set(sid: string, session: SessionData, callback?: (error?: unknown) => void): void;
  destroy(sid: string, callback?: (error?: unknown) => void): void;
}

export default RedisStore;
