import { createRequestHandler } from "@remix-run/express";
import express from "express";
import { slidingWindow } from "./app/utils/limits.server";

const dev = process.env.NODE_ENV !== "production";
const vite = dev ? await import("vite").then((v) => v.createServer({ server: { middlewareMode: true } })) : undefined;

const app = express();
app.set("trust proxy", 1);
app.disable("x-powered-by");
if (vite) app.use(vite.middlewares);
else app.use("/assets", express.static("build/client/assets", { immutable: true, maxAge: "1y" }));

app.use(slidingWindow("all", { max: 600, windowMs: 60_000 }));
app.post("/login", slidingWindow("login", { max: 10, windowMs: 15 * 60_000 }));

app.all(
  "*",
  createRequestHandler({
    // @ts-expect-error built later
    build: vite ? () => vite.ssrLoadModule("virtual:remix/server-build") : await import("./build/server/index.js"),
  }),
);

app.listen(Number(process.env.PORT ?? 3000));
