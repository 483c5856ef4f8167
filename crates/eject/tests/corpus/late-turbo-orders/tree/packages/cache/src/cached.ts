import superjson from "superjson";
import { redis } from "./client.js";

export interface CacheOptions {
  key: (...args: never[]) => string;
  ttl: number;
}

/** Keeps what the method gives for `ttl` seconds; a miss asks the method itself. */
export function cached({ key, ttl }: CacheOptions) {
  return (_target: object, _name: string, descriptor: PropertyDescriptor) => {
    const original = descriptor.value as (...args: never[]) => Promise<unknown>;
    descriptor.value = async function (this: unknown, ...args: never[]) {
      const id = `cache:${key(...args)}`;
      const hit = await redis.get(id);
      if (hit !== null) return superjson.parse(hit);
      const value = await original.apply(this, args);
      await redis.setex(id, ttl, superjson.stringify(value));
      return value;
    };
  };
}
