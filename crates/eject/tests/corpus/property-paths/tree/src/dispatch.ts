import { api } from "./api";

export function dispatch(name: string, methods: Record<string, Function>) {
  const method = methods[name] ?? methods[api.routes[0]];
  return method.call(undefined, name);
}
