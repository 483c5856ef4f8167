import { createServer } from "node:http";
import { getRedis } from "@ledgerly/kv";
import { registerSchedules } from "@ledgerly/jobs/schedules";
import { startDeliver } from "./deliver";
import { startRender } from "./render";

await registerSchedules();
const workers = [startRender(), startDeliver()];

const server = createServer(async (_request, response) => {
  const alive = await getRedis().ping().then((pong) => pong === "PONG", () => false);
  response.writeHead(alive ? 200 : 503).end();
});
server.listen(8080);

process.once("SIGTERM", async () => {
  server.close();
  await Promise.allSettled(workers.map((worker) => worker.close()));
  process.exit(0);
});
