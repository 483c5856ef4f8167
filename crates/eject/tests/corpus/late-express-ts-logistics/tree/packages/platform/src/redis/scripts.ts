import type { Redis, Result } from "ioredis";

declare module "ioredis" {
  interface RedisCommander<Context> {
    reserveSlot(key: string, capacity: number, shipment: string, ttl: number): Result<0 | 1, Context>;
    releaseSlot(key: string, shipment: string): Result<number, Context>;
  }
}

export type ScriptedRedis = Redis & { readonly __scripted?: true };

const reserve = `
local taken = redis.call("SCARD", KEYS[1])
if redis.call("SISMEMBER", KEYS[1], ARGV[2]) == 1 then return 1 end
if taken >= tonumber(ARGV[1]) then return 0 end
redis.call("SADD", KEYS[1], ARGV[2])
redis.call("EXPIRE", KEYS[1], ARGV[3])
return 1
`;

export function registerScripts(redis: Redis): ScriptedRedis {
  redis.defineCommand("reserveSlot", { numberOfKeys: 1, lua: reserve });
  redis.defineCommand("releaseSlot", {
    numberOfKeys: 1,
    lua: `return redis.call("SREM", KEYS[1], ARGV[1])`,
  });
  return redis as ScriptedRedis;
}
