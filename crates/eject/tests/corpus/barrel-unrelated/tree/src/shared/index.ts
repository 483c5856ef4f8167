export { Limiter } from "./limiter";
export { limiter } from "./limits";
export * from "./money";
export * as Clock from "./clock";
export type { Decision } from "./decision";
export default { title: "REDIS, the cat" };
