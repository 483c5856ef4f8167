export interface Line {
  quantity: number;
  cents: number;
}

export function totals(lines: readonly Line[], rate = 0.19) {
  const net = lines.reduce((sum, { quantity, cents }) => sum + Math.round(quantity * cents), 0);
  const tax = Math.round(net * rate);
  return { net, tax, gross: net + tax };
}

/** A credit is redistributed over the lines by the method of the largest remainder. */
export function redistribute(cents: number, lines: readonly Line[]): number[] {
  const { net } = totals(lines, 0);
  const exact = lines.map((l) => (cents * l.quantity * l.cents) / net);
  const shares = exact.map(Math.floor);
  let rest = cents - shares.reduce((a, b) => a + b, 0);
  const order = exact.map((x, i) => [x - Math.floor(x), i] as const).sort((a, b) => b[0] - a[0]);
  for (const [, i] of order) {
    if (rest-- <= 0) break;
    shares[i]! += 1;
  }
  return shares;
}
