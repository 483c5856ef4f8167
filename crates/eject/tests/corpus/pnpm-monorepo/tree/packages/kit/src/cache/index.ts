export { Cache } from "./Cache";
export { connection as default } from "./connection";
