import { env } from "@billing/shared/env";
import { buildApp } from "./app.js";

const app = await buildApp();

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    app.log.info({ signal }, "closing");
    void app.close().then(() => process.exit(0));
  });
}

await app.listen({ host: "0.0.0.0", port: env.PORT });
