export * from "./queues.js";
export { placeOrderFlow } from "./flows.js";
export { connection } from "./connection.js";
export * from "./names.js";
