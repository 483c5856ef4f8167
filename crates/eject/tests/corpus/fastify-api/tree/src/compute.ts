export const compute = (sku: string) => ({ sku, cents: sku.length * 100 });
