import { store } from "./store.js";

export async function sweep() {
  for await (const key of store.scanIterator({ MATCH: "gate:sess:*" })) {
    if ((await store.ttl(key)) < 0) await store.unlink(key);
  }
}
