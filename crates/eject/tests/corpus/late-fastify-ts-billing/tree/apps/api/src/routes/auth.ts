import type { FastifyPluginAsync } from "fastify";

const COOKIE = { httpOnly: true, secure: true, path: "/v1/auth", sameSite: "strict" } as const;

const auth: FastifyPluginAsync = async (app) => {
  app.post<{ Body: { email: string; password: string } }>("/auth/login", async (request, reply) => {
    const { email, password } = request.body;
    const failures = await app.redis.main.incr(`billing:login:${email}`);
    if (failures === 1) await app.redis.main.expire(`billing:login:${email}`, 900);
    if (failures > 10) return reply.code(429).send({ error: "locked" });

    const { rows } = await app.pg.query("select id from customers where email = $1 and check_password(password, $2)", [email, password]);
    if (rows.length === 0) return reply.code(401).send({ error: "credentials" });

    const { family, token } = await app.refreshTokens.issue(rows[0].id);
    return reply.setCookie("refresh", `${family}.${token}`, COOKIE).send({ access: app.jwt.sign({ sub: rows[0].id, fam: family }) });
  });

  app.post("/auth/refresh", async (request, reply) => {
    const [family, token] = (request.cookies.refresh ?? "").split(".");
    const rotated = family && token ? await app.refreshTokens.rotate(family, token) : undefined;
    if (!rotated?.customerId) return reply.clearCookie("refresh", COOKIE).code(401).send({ error: "refresh" });
    return reply
      .setCookie("refresh", `${family}.${rotated.token}`, COOKIE)
      .send({ access: app.jwt.sign({ sub: rotated.customerId, fam: family! }) });
  });

  app.post("/auth/logout", { onRequest: (request) => request.jwtVerify() }, async (request, reply) => {
    await app.refreshTokens.revokeAll(request.user.sub);
    return reply.code(204).send();
  });
};

export default auth;
