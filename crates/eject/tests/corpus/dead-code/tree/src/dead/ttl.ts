export const ttl = 60;
