export const PAYOUTS = 'payouts';
export const INVOICES = 'invoices';
export const SETTLEMENT = 'settlement';
export const NOTIFIER = Symbol('NOTIFIER');
