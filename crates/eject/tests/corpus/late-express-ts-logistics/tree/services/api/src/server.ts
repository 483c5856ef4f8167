import { buildContainer } from "./container.js";
import { createApp } from "./app.js";

const container = buildContainer();
const { port } = container.resolve("config");
const logger = container.resolve("logger");

const server = createApp(container).listen(port, () => logger.info({ port }, "listening"));

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    logger.info({ signal }, "draining connections and queues");
    server.close(async () => {
      await container.dispose();
      process.exit(0);
    });
  });
}
