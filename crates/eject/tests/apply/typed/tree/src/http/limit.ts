import { rateLimit } from "express-rate-limit";
import { RedisStore, type RedisReply } from "rate-limit-redis";
import { createClient } from "redis";

const client = createClient({ url: process.env.REDIS_URL });
await client.connect();

export const limit = rateLimit({
  windowMs: 60_000,
  limit: 100,
  store: new RedisStore({
    sendCommand: (...args: string[]) => client.sendCommand(args) as Promise<RedisReply>,
    prefix: "api:",
  }),
});

/** In memory: a socket belongs to one process, so that Redis would add nothing. */
export class SocketLimit {
  private readonly seen = new Map<string, number>();

  allows(socket: string): boolean {
    const count = (this.seen.get(socket) ?? 0) + 1;
    this.seen.set(socket, count);
    return count <= 20;
  }
}
