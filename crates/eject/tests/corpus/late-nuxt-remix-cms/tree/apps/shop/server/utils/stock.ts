import { Redis } from "ioredis";

let client: Redis | undefined;

function connection(): Redis {
  client ??= new Redis(useRuntimeConfig().redis.url, { lazyConnect: true });
  return client;
}

export async function takeStock(sku: string, quantity: number) {
  const left = await connection().decrby(`stock:${sku}`, quantity);
  if (left >= 0) return true;
  await connection().incrby(`stock:${sku}`, quantity);
  return false;
}
