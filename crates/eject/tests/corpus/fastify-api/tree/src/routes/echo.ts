import type { FastifyInstance } from "fastify";

export default async function echo(app: FastifyInstance) {
  app.get("/echo", async (request) => request.query);
}
