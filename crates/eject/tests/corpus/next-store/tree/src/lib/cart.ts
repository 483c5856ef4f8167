import { kv } from '@vercel/kv';

export async function cart(session: string) {
  return (await kv.hgetall<Record<string, number>>(`cart:${session}`)) ?? {};
}

export async function addToCart(session: string, sku: string) {
  await kv.hincrby(`cart:${session}`, sku, 1);
  await kv.expire(`cart:${session}`, 60 * 60 * 24 * 30);
}
