import { enqueueDigest } from "@/lib/jobs";

export async function GET(request: Request) {
  if (request.headers.get("authorization") !== `Bearer ${process.env.CRON_SECRET}`) return new Response(null, { status: 401 });
  await Promise.all(["a", "b"].map(enqueueDigest));
  return new Response("queued");
}
