import { randomBytes } from "node:crypto";
import { Router, type RequestHandler } from "express";
import { PrismaClient } from "@prisma/client";
import { kv, memo } from "@libs/kv";
import { emit } from "@libs/webhooks/queue.js";

const prisma = new PrismaClient();
export const keys = Router();

const window: RequestHandler = async (req, res, next) => {
  const [n, left] = await kv().hitWindow(`keys:${req.ip}`, 60_000);
  if (n > 30) return void res.set("retry-after", String(Math.ceil(left / 1000))).sendStatus(429);
  next();
};

keys.post("/:driver", window, async (req, res) => {
  const key = randomBytes(24).toString("base64url");
  await kv().hset(`key:${key}`, { driver: req.params.driver, car: req.body.car });
  await kv().pexpire(`key:${key}`, 8 * 3600_000);
  const hooks = await memo(`hooks:${req.params.driver}`, 30, () =>
    prisma.hook.findMany({ where: { driverId: req.params.driver } }),
  );
  await emit(hooks.map((h) => ({ hookId: h.id, event: "key.issued", body: { car: req.body.car } })));
  res.status(201).json({ key });
});

keys.delete("/:key", async (req, res) => {
  const gone = await kv().del(`key:${req.params.key}`);
  await kv().publish("revoked", req.params.key);
  res.sendStatus(gone ? 204 : 404);
});
