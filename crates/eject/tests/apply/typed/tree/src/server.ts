import express from "express";
import { limit, SocketLimit } from "./http/limit.js";
import { sessions } from "./http/session.js";
import { mayLogIn } from "./limits.js";
import { connection } from "./lib/redis.js";
import { emails, send } from "./queues/index.js";
import { stop } from "./workers/email.js";

const app = express();
app.use(limit);
app.use(sessions);
app.post("/login/:user", async (request, response) => {
  response.sendStatus((await mayLogIn(request.params.user)) ? 204 : 429);
});
app.post("/mail/:to", async (request, response) => {
  await send({ to: request.params.to, subject: "hello" });
  response.sendStatus(202);
});

const sockets = new SocketLimit();
app.get("/socket", (request, response) => {
  response.json({ allowed: sockets.allows(request.ip ?? ""), redistribute: false });
});

const server = app.listen(process.env.PORT ?? 3000);

process.on("SIGTERM", async () => {
  server.close();
  await stop();
  await emails.close();
  await connection.quit();
});
