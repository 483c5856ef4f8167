export { deliverInvoice } from "./deliver";
export { deliverQueue, renderQueue } from "./queues";
export * from "./names";
