import session from "express-session";
import { RedisStore } from "connect-redis";
import { createClient } from "redis";

const redisClient = createClient({ url: process.env.REDIS_URL });
redisClient.connect().catch(console.error);

export const sessions = session({
  store: new RedisStore({ client: redisClient }),
  secret: process.env.SESSION_SECRET ?? "x",
  resave: false,
  saveUninitialized: false,
});

export const closeSessions = () => redisClient.quit();
