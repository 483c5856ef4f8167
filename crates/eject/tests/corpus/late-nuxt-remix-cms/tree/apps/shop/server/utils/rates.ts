import { createStorage } from "unstorage";
import memoryDriver from "unstorage/drivers/memory";

const storage = createStorage<number>({ driver: memoryDriver() });

export async function rate(currency: string) {
  const hit = await storage.getItem(currency);
  if (hit) return hit;
  await storage.setItem(currency, 1.07);
  return 1.07;
}
