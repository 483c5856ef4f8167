import { Client } from "@upstash/qstash";

const client = new Client({ token: process.env.QSTASH_TOKEN! });
const queue = client.queue({ queueName: "digests" });

export const enqueueDigest = (team: string) =>
  queue.enqueueJSON({ url: `https://${process.env.VERCEL_URL}/api/jobs/digest`, body: { team }, retries: 3 });

export const publishLater = (team: string) =>
  client.publishJSON({ url: `https://${process.env.VERCEL_URL}/api/jobs/digest`, body: { team }, delay: 60 });
