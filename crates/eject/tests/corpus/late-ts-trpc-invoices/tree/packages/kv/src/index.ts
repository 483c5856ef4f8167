export { createBullConnection, createSubscriber, getRedis } from "./client";
export { eventChannel, publishEvent, type InvoiceEvent } from "./events";
export { LockTaken, withLock } from "./lock";
export * from "./numbers";
