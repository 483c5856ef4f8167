function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

export const config = {
  databaseUrl: required("DATABASE_URL"),
  // Where Redis is.
  redis: {
    host: required("REDIS_HOST"),
    db: Number(process.env.REDIS_DB ?? 0),
  },
  logins: Number(process.env.LOGINS ?? 5),
};
