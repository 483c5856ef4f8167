import { createClient, ErrorReply, type RedisClientType } from "redis";

const url = process.env.GATE_STORE_URL ?? "redis://127.0.0.1:6379/1";

export const store: RedisClientType = createClient({
  url,
  name: "gate",
  pingInterval: 60_000,
  socket: { connectTimeout: 3_000, reconnectStrategy: (n: number) => Math.min(n * 100, 3_000) },
}) as RedisClientType;

store.on("error", (e) => console.error("gate store", e));
await store.connect();

export const isScriptGone = (e: unknown) => e instanceof ErrorReply && e.message.startsWith("NOSCRIPT");
