import { RedisClient } from "bun";
import { config } from "../config";

/** Bun's own client: quicker for the small things, but without streams. */
export const counters = new RedisClient(config.kv.url, {
  autoReconnect: true,
  enableOfflineQueue: false,
  connectionTimeout: 1_000,
});

counters.onclose = (error) => console.warn("counters", error?.message);

export class Codes {
  #client: RedisClient;
  readonly #ttl: number;

  constructor(client: RedisClient = counters, ttl = 600) {
    this.#client = client;
    this.#ttl = ttl;
  }

  async issue(email: string): Promise<string> {
    const code = String(crypto.getRandomValues(new Uint32Array(1))[0]! % 1_000_000).padStart(6, "0");
    await this.#client.set(`code:${email}`, Bun.hash(code).toString(), "EX", this.#ttl);
    return code;
  }

  /** A code is good for one try. */
  async redeem(email: string, code: string): Promise<boolean> {
    const kept = await this.#client.send("GETDEL", [`code:${email}`]);
    return kept === Bun.hash(code).toString();
  }
}
