import { verifySignatureAppRouter } from "@upstash/qstash/nextjs";
import { Redis } from "@upstash/redis";

const redis = Redis.fromEnv();

export const POST = verifySignatureAppRouter(async (request: Request) => {
  const { team } = (await request.json()) as { team: string };
  const mine = await redis.set(`lock:digest:${team}`, "1", { nx: true, ex: 300 });
  if (mine === null) return new Response("already running");
  try {
    return new Response("sent");
  } finally {
    await redis.del(`lock:digest:${team}`);
  }
});
