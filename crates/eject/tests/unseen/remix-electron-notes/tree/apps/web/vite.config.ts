import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";
import tsconfigPaths from "vite-tsconfig-paths";

export default defineConfig({
  plugins: [remix({ future: { v3_fetcherPersist: true, v3_throwAbortReason: true } }), tsconfigPaths()],
  ssr: { external: ["ioredis", "postgres"] },
  server: { port: 5173 },
  cacheDir: "../../node_modules/.vite-web",
});
