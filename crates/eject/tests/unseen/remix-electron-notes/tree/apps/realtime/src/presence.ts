import type { RedisClientType } from "redis";

const TTL = Number(process.env.PRESENCE_TTL ?? 45);

export class Presence {
  constructor(private readonly client: Pick<RedisClientType<any, any, any>, "hSet" | "hDel" | "hKeys" | "expire">) {}

  async enter(note: string, user: string): Promise<string[]> {
    const key = `presence:${note}`;
    await this.client.hSet(key, user, Date.now());
    await this.client.expire(key, TTL);
    return this.client.hKeys(key);
  }

  async leave(note: string, user: string): Promise<void> {
    await this.client.hDel(`presence:${note}`, user);
  }
}
