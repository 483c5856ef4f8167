import { client } from "../lib/redis.mjs";
import { sendReceipt } from "../jobs/receipts.mjs";

export default {
  name: "seats",
  register(server) {
    server.method("taken", async () => {
      const taken = [];
      for await (const key of client.scanIterator({ MATCH: "seat:*" })) taken.push(key);
      return taken;
    }, {
      cache: { cache: "seats", expiresIn: 30_000, generateTimeout: 2_000 },
    });

    server.route({
      method: "POST",
      path: "/events/{event}/seats/{seat}",
      async handler(request, h) {
        const held = await client.hold(`seat:${request.params.seat}`, request.info.remoteAddress, 120_000);
        if (!held) return h.response({ error: "taken" }).code(409);
        await client.hIncrBy("sold", request.params.event, 1);
        await sendReceipt({ id: request.info.id, email: request.payload.email });
        return { held, taken: await server.methods.taken() };
      },
    });
  },
};
