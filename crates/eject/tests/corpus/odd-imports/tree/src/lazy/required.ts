import { createRequire } from "node:module";

const load = createRequire(import.meta.url);
const Bull = load("bull");
export const required = new Bull("odd");
