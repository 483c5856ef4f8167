import fp from "fastify-plugin";
import fastifyRedis from "@fastify/redis";

export default fp(async (app) => {
  await app.register(fastifyRedis, { url: process.env.REDIS_URL, closeClient: true });
});
