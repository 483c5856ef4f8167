function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

export const config = {
  port: Number(process.env.PORT ?? 3000),
  redis: {
    host: required("REDIS_HOST"),
    port: Number(process.env.REDIS_PORT ?? 6379),
    password: process.env["REDIS_PASSWORD"],
  },
  refreshTtl: Number(process.env.JWT_REFRESH_TTL ?? 2592000),
};
