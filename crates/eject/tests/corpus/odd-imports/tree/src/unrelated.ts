import { version } from "#store";

console.log(version);
