import { cents, formatMoney } from "@billing/shared";
import type { FastifyPluginAsync } from "fastify";
import { taxRate } from "../services/tax.js";
import { publish } from "../services/webhooks.js";

const invoices: FastifyPluginAsync = async (app) => {
  app.addHook("onRequest", (request) => request.jwtVerify());

  app.post<{ Body: { amount: number; currency: string; country: string } }>(
    "/invoices",
    { preHandler: app.idempotent, config: { idempotency: { ttl: 86_400 } } },
    async (request, reply) => {
      const { amount, currency, country } = request.body;
      const total = cents(amount * (1 + (await taxRate(country))));
      const number = Date.now().toString(36).toUpperCase();
      const { rows } = await app.pg.query("insert into invoices (number, customer, total) values ($1, $2, $3) returning id", [number, request.user.sub, total]);
      await app.queues.render.add("render", { invoiceId: rows[0].id, locale: "de" }, { jobId: `render:${rows[0].id}` });
      await publish("invoice.created", { id: rows[0].id });
      return reply.code(201).send({ id: rows[0].id, number, total: formatMoney(total, currency) });
    },
  );

  app.post<{ Params: { id: string } }>("/invoices/:id/capture", async (request, reply) => {
    const captured = await app.locks.using([`lock:invoice:${request.params.id}`], 10_000, async (signal) => {
      const response = await fetch(`https://psp.example.com/capture/${request.params.id}`, { method: "POST", signal });
      return response.ok;
    });
    return reply.code(captured ? 200 : 502).send();
  });
};

export default invoices;
