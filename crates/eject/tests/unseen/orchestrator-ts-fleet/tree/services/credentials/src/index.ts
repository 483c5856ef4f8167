import express from "express";
import { PrismaClient } from "@prisma/client";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { verify } from "./totp";

const prisma = new PrismaClient();
const burst = new RateLimiterMemory({ points: 50, duration: 1 });
const app = express();

app.use(express.json());
app.use((req, res, next) => {
  burst.consume(req.ip ?? "?").then(() => next(), () => res.sendStatus(429));
});

app.post("/users/:id/totp", async (req, res) => {
  const user = await prisma.user.findUniqueOrThrow({ where: { id: req.params.id } });
  const verdict = await verify(user.id, user.totpSecret!, req.body.code);
  res.status(verdict === "locked" ? 423 : 200).json({ verdict });
});

app.listen(Number(process.env.PORT ?? 4100));
