import { readFileSync } from "node:fs";
import { z } from "zod";

/** Swarm hands secrets over as files: FOO_FILE is read into FOO. */
function withFiles(source: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const result = { ...source };
  for (const [name, path] of Object.entries(source)) {
    if (name.endsWith("_FILE") && path) result[name.slice(0, -5)] = readFileSync(path, "utf8").trim();
  }
  return result;
}

const schema = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  PORT: z.coerce.number().default(3000),
  DATABASE_URL: z.string().url(),
  REDIS_URL: z.string().url(),
  BULL_PREFIX: z.string().default("billing"),
  JWT_SECRET: z.string().min(16),
  SESSION_SECRET: z.string().min(32),
  RATE_LIMIT_MAX: z.coerce.number().default(300),
  AMQP_URL: z.string().url().optional(),
});

export type Env = z.infer<typeof schema>;
export const env: Env = schema.parse(withFiles(process.env));
