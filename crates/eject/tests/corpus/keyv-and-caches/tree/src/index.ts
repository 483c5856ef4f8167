export { words } from "./words";
export { pages } from "./pages";
export { local } from "./local";
export { storage } from "./storage";
export { apollo } from "./apollo";
