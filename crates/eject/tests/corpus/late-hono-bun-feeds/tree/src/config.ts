const need = (name: string): string => {
  const value = Bun.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

export const config = {
  port: Number(Bun.env.PORT ?? 3000),
  databaseUrl: need("DATABASE_URL"),
  kv: {
    url: need("REDIS_URL"),
    password: Bun.env.REDIS_PASSWORD,
    maxlen: Number(Bun.env.STREAM_MAXLEN ?? 100_000),
  },
  cookieSecret: need("COOKIE_SECRET"),
} as const;
