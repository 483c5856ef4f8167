interface Entry<V> {
  value: V;
  expiresAt: number;
}

/** A map in the process whose entries expire. No eviction by size, so keep the key space small. */
export class TtlMap<K, V> {
  private readonly entries = new Map<K, Entry<V>>();

  constructor(private readonly ttlMs: number) {}

  get(key: K): V | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    if (entry.expiresAt < Date.now()) {
      this.entries.delete(key);
      return undefined;
    }
    return entry.value;
  }

  set(key: K, value: V): this {
    this.entries.set(key, { value, expiresAt: Date.now() + this.ttlMs });
    return this;
  }

  async remember(key: K, load: () => Promise<V>): Promise<V> {
    const known = this.get(key);
    if (known !== undefined) return known;
    const value = await load();
    this.set(key, value);
    return value;
  }
}
