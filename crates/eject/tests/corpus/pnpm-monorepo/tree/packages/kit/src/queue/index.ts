export { Jobs } from "./jobs";
