import { createClient } from "redis";
import { config } from "../config";
import { takeTokens } from "./scripts";

const make = () =>
  createClient({
    url: config.kv.url,
    password: config.kv.password,
    name: "feeds",
    scripts: { takeTokens },
    socket: { reconnectStrategy: (retries) => Math.min(retries * 50, 2_000) },
  });

export type Kv = ReturnType<typeof make>;

let shared: Promise<Kv> | undefined;

/** One connection for the process, made when it is first asked for. */
export function kv(): Promise<Kv> {
  shared ??= open("shared");
  return shared;
}

/** A connection of its own: for what blocks and for who subscribes. */
export async function open(purpose: string): Promise<Kv> {
  const client = make();
  client.on("error", (error) => console.error(`kv ${purpose}`, error));
  await client.connect();
  return client;
}

export async function close(): Promise<void> {
  const client = await shared;
  await client?.close();
  shared = undefined;
}
