import { Router } from "express";
import argon2 from "argon2";
import jwt from "jsonwebtoken";
import type { AppConfig } from "@haul/platform";
import type { Kysely } from "kysely";
import type { RefreshTokens } from "./refresh-tokens.js";
import type { Limiters } from "../middleware/rate-limit.js";
import type { Database } from "../shipments/shipment.repository.js";

interface Deps {
  config: AppConfig;
  db: Kysely<Database>;
  refreshTokens: RefreshTokens;
  limiters: Limiters;
}

export function authRoutes({ config, db, refreshTokens, limiters }: Deps): Router {
  const router = Router();
  const sign = (sub: string) => jwt.sign({ sub }, config.auth.jwtSecret, { expiresIn: "10m" });

  router.post("/login", async (req, res, next) => {
    const { email, password } = req.body as { email: string; password: string };
    const attempt = await limiters.login.consume(`${email}:${req.ip}`).catch(() => null);
    if (!attempt) return res.status(429).json({ error: "locked" });
    try {
      const user = await db.selectFrom("users").select(["id", "password_hash"]).where("email", "=", email).executeTakeFirst();
      if (!user || !(await argon2.verify(user.password_hash, password))) {
        return res.status(401).json({ error: "invalid_credentials", left: attempt.remainingPoints });
      }
      await limiters.login.delete(`${email}:${req.ip}`);
      await db.insertInto("sessions").values({ user_id: user.id, user_agent: req.get("user-agent") ?? null }).execute();
      return res.json({ accessToken: sign(user.id), refreshToken: await refreshTokens.issue(user.id) });
    } catch (cause) {
      return next(cause);
    }
  });

  router.post("/refresh", async (req, res) => {
    const rotated = await refreshTokens.rotate(String(req.body.refreshToken));
    if (!rotated) return res.status(401).json({ error: "invalid_token" });
    return res.json({ accessToken: sign(rotated.userId), refreshToken: rotated.refreshToken });
  });

  return router;
}
