export const formatMoney = (cents: number) => (cents / 100).toFixed(2);
