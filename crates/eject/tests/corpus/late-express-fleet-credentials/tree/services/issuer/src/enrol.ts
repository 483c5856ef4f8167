import { Router } from "express";
import { PrismaClient } from "@prisma/client";
import { RateLimiterRes } from "rate-limiter-flexible";
import { check } from "@libs/otp/totp.js";

const prisma = new PrismaClient();
export const enrol = Router();

enrol.post("/:id/verify", async (req, res) => {
  const driver = await prisma.driver.findUniqueOrThrow({ where: { id: req.params.id } });
  if (!driver.totpSecret) return void res.sendStatus(409);
  try {
    const ok = await check({ id: driver.id, totpSecret: driver.totpSecret }, String(req.body.code), req.ip ?? "");
    res.status(ok ? 200 : 401).json({ ok });
  } catch (e) {
    if (!(e instanceof RateLimiterRes)) throw e;
    res.status(423).json({ retryInMs: e.msBeforeNext });
  }
});
