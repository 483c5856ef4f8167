import Keyv from "keyv";
import "@keyv/redis";

const store = new Keyv("redis://user:hunter2Keyvhunter2@localhost:6379");
const sqlite = new Keyv("sqlite://words.sqlite");

export async function words(key: string) {
  const hit = await store.get(key);
  return hit ?? sqlite.get(key);
}
