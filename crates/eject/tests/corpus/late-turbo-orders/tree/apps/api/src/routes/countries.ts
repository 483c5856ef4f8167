import type { FastifyInstance } from "fastify";
import { memo } from "@orders/cache/memo";

export default async function countries(app: FastifyInstance) {
  app.get("/", () => memo("countries", () => ({ de: "Germany", fr: "France" })));
}
