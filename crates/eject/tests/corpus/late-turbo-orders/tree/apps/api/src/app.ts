import Fastify from "fastify";
import limits from "~/plugins/limits.js";
import board from "~/plugins/board.js";
import health from "~/routes/health.js";
import orders from "~/routes/orders.js";
import products from "~/routes/products.js";
import countries from "~/routes/countries.js";

export async function buildApp() {
  const app = Fastify({ logger: true, trustProxy: true });
  await app.register(limits);
  await app.register(board, { prefix: "/admin/queues" });
  await app.register(health);
  await app.register(orders, { prefix: "/orders" });
  await app.register(products, { prefix: "/products" });
  await app.register(countries, { prefix: "/countries" });
  return app;
}
