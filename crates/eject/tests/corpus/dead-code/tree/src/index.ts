import { get } from "./alive";

console.log(await get("a"));
