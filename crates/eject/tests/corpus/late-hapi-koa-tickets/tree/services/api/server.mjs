import Hapi from "@hapi/hapi";
import { Engine as CatboxMemory } from "@hapi/catbox-memory";
import { Engine as CatboxRedis } from "@hapi/catbox-redis";
import { client } from "./lib/redis.mjs";
import { receipts } from "./jobs/receipts.mjs";
import seats from "./plugins/seats.mjs";
import venues from "./plugins/venues.mjs";

const server = Hapi.server({
  port: 8000,
  cache: [
    {
      name: "seats",
      provider: {
        constructor: CatboxRedis,
        options: {
          url: process.env.REDIS_URL ?? "redis://127.0.0.1:6379",
          partition: "tickets",
        },
      },
    },
    { name: "local", provider: { constructor: CatboxMemory, options: { maxByteSize: 10_000_000 } } },
  ],
});

await server.register([seats, venues]);
server.ext("onPostStop", async () => {
  await receipts.close(10_000);
  await client.quit();
});
await server.start();
