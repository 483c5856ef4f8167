export const iso = (date: Date) => date.toISOString();
