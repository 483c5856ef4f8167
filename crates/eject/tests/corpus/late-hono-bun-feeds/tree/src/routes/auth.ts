import { redis } from "bun";
import { Hono } from "hono";
import { setSignedCookie } from "hono/cookie";
import { config } from "../config";
import { Codes } from "../kv/bun";
import { loginLimiter } from "../limits/middleware";

const codes = new Codes();

export const authRoutes = new Hono()
  .post("/code", loginLimiter, async (c) => {
    const { email } = await c.req.json<{ email: string }>();
    const sent = await redis.incr(`codes-sent:${email}:${new Date().getUTCHours()}`);
    if (sent > 3) return c.json({ error: "too many codes" }, 429);
    const code = await codes.issue(email);
    await fetch("https://mail.example.com/send", { method: "POST", body: JSON.stringify({ email, code }) });
    return c.body(null, 202);
  })
  .post("/redeem", loginLimiter, async (c) => {
    const { email, code } = await c.req.json<{ email: string; code: string }>();
    if (!(await codes.redeem(email, code))) return c.json({ error: "code" }, 401);
    const id = crypto.randomUUID();
    await redis.hmset(`session:${id}`, ["email", email, "since", new Date().toISOString()]);
    await setSignedCookie(c, "sid", id, config.cookieSecret, { httpOnly: true, secure: true });
    return c.body(null, 204);
  });
