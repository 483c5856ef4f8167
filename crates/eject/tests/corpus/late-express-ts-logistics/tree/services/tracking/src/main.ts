import { createServer } from "node:http";
import { createLogger, loadConfig, RedisRegistry } from "@haul/platform";
import { createAdapter } from "@socket.io/redis-adapter";
import { Server } from "socket.io";
import { PositionFeed } from "./position-feed.js";

const config = loadConfig();
const logger = createLogger("tracking", config.logLevel);
const registry = new RedisRegistry(config, logger);

const http = createServer();
const io = new Server(http, { cors: { origin: true } });
io.adapter(createAdapter(registry.get("publisher"), registry.get("subscriber"), { key: "haul-io" }));

const feed = new PositionFeed(registry.get("subscriber"), registry.get("cache"));

io.on("connection", (socket) => {
  socket.on("follow", async (vehicle: string) => {
    await socket.join(`vehicle:${vehicle}`);
    socket.emit("position", await feed.last(vehicle));
  });
});

await feed.start((vehicle, position) => io.to(`vehicle:${vehicle}`).volatile.emit("position", position));
http.listen(config.port);

process.once("SIGTERM", async () => {
  io.close();
  await feed.stop();
  await registry.close();
});
