type Entry<T> = { until: number; value: Promise<T> };

/** In the process, unlike what `ctx.kv` keeps in Redis. */
export function memoized<T>(ttl: number, load: (key: string) => Promise<T>) {
  const cache = new Map<string, Entry<T>>();
  return (key: string): Promise<T> => {
    const known = cache.get(key);
    if (known && known.until > Date.now()) return known.value;
    const value = load(key).catch((cause: unknown) => {
      cache.delete(key);
      throw cause;
    });
    cache.set(key, { until: Date.now() + ttl, value });
    return value;
  };
}
