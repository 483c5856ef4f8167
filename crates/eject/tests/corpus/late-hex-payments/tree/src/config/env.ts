import { z } from "zod";

const schema = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("production"),
  DATABASE_URL: z.string().url(),
  REDIS_TOPOLOGY: z.enum(["single", "sentinel", "cluster"]).default("single"),
  REDIS_NODES: z
    .string()
    .transform((text) =>
      text.split(",").map((node) => {
        const [host, port] = node.split(":");
        return { host: host!, port: Number(port) };
      }),
    ),
  REDIS_MASTER_NAME: z.string().optional(),
  REDIS_PASSWORD: z.string().optional(),
  LOG_LEVEL: z.string().default("info"),
});

export type Env = z.infer<typeof schema>;
export const env: Env = schema.parse(process.env);
