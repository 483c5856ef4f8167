import { store } from "./store.js";

const revoked = new Set<string>();
export const isRevoked = (key: string) => revoked.has(key);

export async function listen() {
  const sub = store.duplicate();
  await sub.connect();
  await sub.subscribe("revoked", (key) => void revoked.add(key));
}
