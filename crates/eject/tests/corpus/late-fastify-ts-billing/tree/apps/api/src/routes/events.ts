import { on } from "node:events";
import { channelOf } from "@billing/shared";
import type { FastifyPluginAsync } from "fastify";

const events: FastifyPluginAsync = async (app) => {
  app.get("/events", { onRequest: (request) => request.jwtVerify() }, async (request, reply) => {
    const subscriber = app.redis.main.duplicate({ enableReadyCheck: false });
    const stop = new AbortController();
    request.raw.once("close", () => stop.abort());
    await subscriber.subscribe(channelOf(request.user.sub));

    reply.sse(
      (async function* () {
        try {
          for await (const [, message] of on(subscriber, "message", { signal: stop.signal })) {
            yield { event: "invoice", data: message as string };
          }
        } catch (error) {
          if (!stop.signal.aborted) throw error;
        } finally {
          await subscriber.unsubscribe();
          await subscriber.quit();
        }
      })(),
    );
  });
};

export default events;
