export * from "./names.js";
export { createQueues, type Queues } from "./queues.js";
export { DispatchFlow } from "./dispatch-flow.js";
