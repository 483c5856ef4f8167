type Entry<T> = { value: T; until: number };

export function memory<T>(ttl: number) {
  const entries = new Map<string, Entry<T>>();
  return {
    get(key: string): T | undefined {
      const entry = entries.get(key);
      return entry && entry.until > Date.now() ? entry.value : undefined;
    },
    set: (key: string, value: T) => void entries.set(key, { value, until: Date.now() + ttl }),
    del: (key: string) => entries.delete(key),
    flushAll: () => entries.clear(),
  };
}
