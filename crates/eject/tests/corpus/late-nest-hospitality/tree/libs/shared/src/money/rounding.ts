/** Rounds to five centimes, as the counter pays out. */
export const toRappen = (cents: number): number => Math.round(cents / 5) * 5;

export function nightly(total: number, nights: number): number[] {
  const each = Math.floor(total / nights);
  return Array.from({ length: nights }, (_, night) => (night === 0 ? total - each * (nights - 1) : each));
}
