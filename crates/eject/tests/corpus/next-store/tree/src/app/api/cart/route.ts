import { addToCart } from '../../../lib/cart';

export async function POST(request: Request) {
  const { session, sku } = await request.json();
  await addToCart(session, sku);
  return Response.json({ ok: true });
}
