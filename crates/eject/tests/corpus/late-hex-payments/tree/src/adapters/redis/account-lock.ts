import { randomUUID } from "node:crypto";
import { inject, injectable } from "tsyringe";
import type { Lock } from "../../domain/ports";
import { TOKENS } from "../../tokens";
import type { RedisConnection } from "./connection";

const RELEASE = `
if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end
return 0
`;

type WithRelease = RedisConnection & {
  releaseLock(key: string, token: string): Promise<number>;
};

@injectable()
export class AccountLock implements Lock {
  private readonly ttl = 10_000;

  constructor(@inject(TOKENS.Redis) private readonly redis: RedisConnection) {
    redis.defineCommand("releaseLock", { numberOfKeys: 1, lua: RELEASE });
  }

  async with<T>(name: string, work: () => Promise<T>): Promise<T> {
    const key = `{payments}:lock:${name}`;
    const token = randomUUID();
    const ok = await this.redis.set(key, token, "PX", this.ttl, "NX");
    if (!ok) throw new Error(`${name} is locked`);
    try {
      return await work();
    } finally {
      await (this.redis as WithRelease).releaseLock(key, token);
    }
  }
}
