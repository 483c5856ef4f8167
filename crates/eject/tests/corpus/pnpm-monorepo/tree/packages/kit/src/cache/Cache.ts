import { connection } from "./connection";

export class Cache {
  constructor(private readonly name: string) {}

  async remember<T>(key: string, seconds: number, make: () => Promise<T>): Promise<T> {
    const hit = await connection.get(`cache:${this.name}:${key}`);
    if (hit !== null) return JSON.parse(hit) as T;
    const value = await make();
    await connection
      .multi()
      .set(`cache:${this.name}:${key}`, JSON.stringify(value))
      .expire(`cache:${this.name}:${key}`, seconds)
      .exec();
    return value;
  }
}
