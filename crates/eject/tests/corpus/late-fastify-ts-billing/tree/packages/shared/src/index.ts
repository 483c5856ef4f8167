export { env, type Env } from "./env.js";
export { createRedis, bullConnection } from "./redis.js";
export { channelOf, publishInvoiceEvent, type InvoiceEvent } from "./events.js";
export * from "./money.js";
