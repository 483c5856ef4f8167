import { api } from "./api";

export function names(): string[] {
  return api.routes.map((route) => route.toUpperCase());
}
