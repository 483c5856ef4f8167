import type { FastifyInstance } from "fastify";
import { compute } from "../compute.js";

export default async function prices(app: FastifyInstance) {
  app.get<{ Params: { sku: string } }>("/prices/:sku", async (request) => {
    const cached = await app.redis.get(`cache:price:${request.params.sku}`);
    if (cached) return JSON.parse(cached);
    const price = compute(request.params.sku);
    await app.redis.set(`cache:price:${request.params.sku}`, JSON.stringify(price), "EX", 60);
    return price;
  });
}
