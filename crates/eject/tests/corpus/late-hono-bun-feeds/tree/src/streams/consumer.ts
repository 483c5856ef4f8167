import { ErrorReply } from "redis";
import { open, type Kv } from "../kv/connection";
import { GROUP, STREAM, type Item } from "./names";

type Handler = (item: Item) => Promise<void>;

export class Consumer {
  #client!: Kv;
  #stopped = false;
  readonly #name: string;

  private constructor(name: string, private readonly handle: Handler) {
    this.#name = name;
  }

  static async start(name: string, handle: Handler): Promise<Consumer> {
    const consumer = new Consumer(name, handle);
    consumer.#client = await open(name);
    try {
      await consumer.#client.xGroupCreate(STREAM, GROUP, "0", { MKSTREAM: true });
    } catch (error) {
      if (!(error instanceof ErrorReply && error.message.startsWith("BUSYGROUP"))) throw error;
    }
    void consumer.#loop();
    return consumer;
  }

  async #loop() {
    while (!this.#stopped) {
      const { messages: abandoned } = await this.#client.xAutoClaim(STREAM, GROUP, this.#name, 60_000, "0-0", { COUNT: 10 });
      for (const entry of abandoned) if (entry) await this.#work(entry.id, entry.message as Item);

      const reply = await this.#client.xReadGroup(GROUP, this.#name, { key: STREAM, id: ">" }, { COUNT: 50, BLOCK: 5_000 });
      for (const { messages } of (reply ?? []) as { messages: { id: string; message: Item }[] }[]) {
        for (const { id, message } of messages) await this.#work(id, message);
      }
    }
  }

  async #work(id: string, item: Item) {
    try {
      await this.handle(item);
      await this.#client.xAck(STREAM, GROUP, id);
    } catch (error) {
      console.error("item", item.guid, error);
    }
  }

  async stop() {
    this.#stopped = true;
    this.#client.destroy();
  }
}
