import type { Server } from "node:http";
import { randomUUID } from "node:crypto";
import { WebSocketServer } from "ws";
import { WebSocketRateLimiter } from "./rateLimiter";

const limiter = new WebSocketRateLimiter();

export function attachSocket(server: Server): void {
  new WebSocketServer({ server, path: "/ws" }).on("connection", (socket) => {
    const id = randomUUID();
    socket.on("message", (data) => {
      if (!limiter.consume(id)) return socket.close(1008, "too many messages");
      socket.send(data);
    });
    socket.on("close", () => limiter.forget(id));
  });
}
