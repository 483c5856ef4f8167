import type { FastifyInstance } from "fastify";
import { Catalogue } from "../services/catalogue.js";

export default async function products(app: FastifyInstance) {
  const catalogue = new Catalogue();
  app.get<{ Params: { sku: string } }>("/:sku", ({ params }) => catalogue.bySku(params.sku));
}
