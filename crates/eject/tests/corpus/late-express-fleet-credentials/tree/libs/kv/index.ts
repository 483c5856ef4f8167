export { kv, blocking } from "./client.js";
export { memo } from "./memo.js";
export { slug } from "./slug.js";
