import { env } from "@orders/config/env";
import { closeRedis } from "@orders/cache";
import { buildApp } from "~/app.js";

const app = await buildApp();

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, async () => {
    await app.close();
    await closeRedis();
    process.exit(0);
  });
}

await app.listen({ host: "0.0.0.0", port: env.PORT });
