import { cart } from '@/lib/cart';

export default async function CartPage() {
  const items = await cart('s1');
  return <ul>{Object.entries(items).map(([sku, n]) => <li key={sku}>{sku}: {n}</li>)}</ul>;
}
