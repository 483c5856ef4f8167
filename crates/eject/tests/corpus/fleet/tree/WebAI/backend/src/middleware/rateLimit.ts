import { rateLimit } from "express-rate-limit";
import { RedisStore, type RedisReply } from "rate-limit-redis";
import { createClient } from "redis";

const client = createClient({ url: process.env.REDIS_URL });
void client.connect();

const store = (prefix: string) =>
  new RedisStore({
    prefix,
    sendCommand: (...args: string[]) => client.sendCommand(args) as Promise<RedisReply>,
  });

export const apiLimiter = rateLimit({
  windowMs: 60_000,
  limit: 100,
  standardHeaders: "draft-7",
  store: store("rl:api:"),
});

export const loginLimiter = rateLimit({ windowMs: 15 * 60_000, limit: 10, store: store("rl:login:") });
