import { kv } from "../kv/connection";

interface Options<Args extends unknown[]> {
  ttl: number;
  key: (...args: Args) => string;
  unless?: () => boolean;
}

type Method<This, Args extends unknown[], R> = (this: This, ...args: Args) => Promise<R>;

/** A decorator of methods: what is null is not kept. */
export function cached<This, Args extends unknown[], R>({ ttl, key, unless }: Options<Args>) {
  return (method: Method<This, Args, R>, context: ClassMethodDecoratorContext<This, Method<This, Args, R>>) => {
    const name = String(context.name);
    return async function (this: This, ...args: Args): Promise<R> {
      if (unless?.()) return method.apply(this, args);
      const store = await kv();
      const id = `cache:${name}:${key(...args)}`;
      const hit = await store.get(id);
      if (hit !== null) return JSON.parse(hit) as R;
      const value = await method.apply(this, args);
      if (value !== null) await store.setEx(id, ttl, JSON.stringify(value));
      return value;
    };
  };
}
