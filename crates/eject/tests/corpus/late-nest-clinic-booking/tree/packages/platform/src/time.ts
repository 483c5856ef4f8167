export const localDay = (at: Date, zone: string) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(at);

export const overlaps = (a: [number, number], b: [number, number]) => a[0] < b[1] && b[0] < a[1];
