export const TOKENS = {
  Redis: Symbol("Redis"),
  IdempotencyStore: Symbol("IdempotencyStore"),
  Lock: Symbol("Lock"),
  Payments: Symbol("Payments"),
  Settlements: Symbol("Settlements"),
} as const;
