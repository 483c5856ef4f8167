export * from "./cache";
export * from "./dates";
export { Jobs as JobQueue } from "./queue";
