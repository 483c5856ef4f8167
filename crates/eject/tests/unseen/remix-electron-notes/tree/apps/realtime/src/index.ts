import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-streams-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";
import { followChanges } from "./changes.js";
import { Presence } from "./presence.js";
import { userOf } from "./sessions.js";

const url = process.env.REDIS_URL || `redis://${process.env.REDISHOST}:${process.env.REDISPORT}`;
const client = createClient({ url, pingInterval: 30_000 });
client.on("error", (error: Error) => console.error("redis:", error.message));
await client.connect();

const http = createServer();
const io = new Server(http, {
  adapter: createAdapter(client, { streamName: "notes:io", maxLen: 10_000 }),
  connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
  cors: { origin: process.env.REALTIME_ORIGINS?.split(",") },
});
const presence = new Presence(client);

io.use(async (socket, next) => {
  socket.data.user = await userOf(client, socket.handshake.headers.cookie);
  next(socket.data.user ? undefined : new Error("not signed in"));
});

io.on("connection", (socket) => {
  socket.on("open", async (note: string) => {
    await socket.join(note);
    io.to(note).emit("presence", await presence.enter(note, socket.data.user));
  });
  socket.on("cursor", (note: string, at: number) => {
    socket.volatile.to(note).emit("cursor", socket.data.user, at);
  });
  socket.on("disconnecting", () => {
    for (const note of socket.rooms) void presence.leave(note, socket.data.user);
  });
});

void followChanges(client, (note, version) => io.local.to(note).emit("changed", note, version));
http.listen(Number(process.env.PORT ?? 4000));

process.once("SIGTERM", async () => {
  await io.close();
  await client.quit();
});
