export type Cents = number & { readonly __cents: unique symbol };

export const cents = (value: number): Cents => Math.round(value) as Cents;

export function formatMoney(value: Cents, currency: string, locale = "en"): string {
  return new Intl.NumberFormat(locale, { style: "currency", currency }).format(value / 100);
}
