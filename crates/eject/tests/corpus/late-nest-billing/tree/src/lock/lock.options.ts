export const LOCK_OPTIONS = Symbol('LOCK_OPTIONS');

export interface LockOptions {
  ttl: number;
}
