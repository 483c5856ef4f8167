import { save } from "./session";

export const login = () => save("1");
