import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { FastifyAdapter } from "@bull-board/fastify";
import type { FastifyInstance } from "fastify";
import { emailQueue, fulfilQueue } from "@/queue";

export default async function board(app: FastifyInstance, { prefix }: { prefix: string }) {
  const adapter = new FastifyAdapter();
  createBullBoard({ queues: [new BullMQAdapter(emailQueue), new BullMQAdapter(fulfilQueue)], serverAdapter: adapter });
  adapter.setBasePath(prefix);
  await app.register(adapter.registerPlugin(), { prefix: "/", basePath: prefix });
}
