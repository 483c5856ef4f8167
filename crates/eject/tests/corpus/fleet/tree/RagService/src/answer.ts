import { TokenBucket } from "./bucket.js";
import { client } from "./client.js";

const bucket = new TokenBucket(client, { capacity: 20_000, perSecond: 300 });

export async function answer(tenant: string, question: string): Promise<string> {
  const { allowed, retryAfterMs } = await bucket.take(tenant, Math.ceil(question.length / 4));
  return allowed ? `You asked: ${question}` : `Try again in ${retryAfterMs} ms`;
}
