import type { FastifyInstance } from "fastify";
import { placeOrderFlow, QUEUES } from "@/queue";
import { sql } from "@/db";

export default async function orders(app: FastifyInstance) {
  app.post<{ Body: { sku: string; email: string } }>("/", async ({ body }, reply) => {
    const [order] = await sql`insert into orders ${sql(body)} returning id`;
    const { job } = await placeOrderFlow(order!.id, body.email);
    return reply.code(202).send({ id: order!.id, job: job.id, queue: QUEUES.fulfil });
  });
}
