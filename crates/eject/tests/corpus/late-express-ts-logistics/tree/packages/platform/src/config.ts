import { z } from "zod";

const schema = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  PORT: z.coerce.number().int().default(4000),
  LOG_LEVEL: z.string().default("info"),
  DATABASE_URL: z.string().url(),
  REDIS_CACHE_URL: z.string().url(),
  REDIS_QUEUE_URL: z.string().url(),
  QUEUE_PREFIX: z.string().default("haul"),
  KAFKA_BROKERS: z.string().transform((value) => value.split(",")),
  JWT_SECRET: z.string().min(12),
  REFRESH_TTL_DAYS: z.coerce.number().default(30),
});

export interface AppConfig {
  env: "development" | "test" | "production";
  port: number;
  logLevel: string;
  databaseUrl: string;
  connections: { cache: string; queue: string };
  queuePrefix: string;
  kafka: { brokers: string[] };
  auth: { jwtSecret: string; refreshTtlSeconds: number };
}

export function loadConfig(source: NodeJS.ProcessEnv = process.env): AppConfig {
  const parsed = schema.safeParse(source);
  if (!parsed.success) {
    throw new Error(`bad environment: ${parsed.error.issues.map((issue) => issue.path.join(".")).join(", ")}`);
  }
  const env = parsed.data;
  return {
    env: env.NODE_ENV,
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
    databaseUrl: env.DATABASE_URL,
    connections: {
      cache: env.REDIS_CACHE_URL,
      queue: env.REDIS_QUEUE_URL,
    },
    queuePrefix: env.QUEUE_PREFIX,
    kafka: { brokers: env.KAFKA_BROKERS },
    auth: { jwtSecret: env.JWT_SECRET, refreshTtlSeconds: env.REFRESH_TTL_DAYS * 86_400 },
  };
}
