import { Router } from "express";
import { issue, rotate, revokeAll } from "./refreshTokens.js";
import { verifyPassword } from "./password.js";

export const authRouter = Router();

authRouter.post("/login", async (request, response) => {
  const user = await verifyPassword(request.body.email, request.body.password);
  if (!user) return void response.sendStatus(401);
  response.json({ refreshToken: await issue(user) });
});

authRouter.post("/refresh", async (request, response) => {
  const token = await rotate(request.body.refreshToken);
  return token ? response.json({ token }) : response.sendStatus(401);
});

authRouter.post("/logout", async (request, response) => {
  await revokeAll(request.body.userId);
  response.sendStatus(204);
});
