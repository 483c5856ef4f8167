import { createSubscriber, eventChannel } from "@ledgerly/kv";
import { auth } from "~/server/auth";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!(await auth())) return new Response(null, { status: 401 });

  const subscriber = createSubscriber();
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      subscriber.on("message", (_channel, payload) => {
        controller.enqueue(encoder.encode(`data: ${payload}\n\n`));
      });
      await subscriber.subscribe(eventChannel(id));
      request.signal.addEventListener("abort", () => {
        subscriber.disconnect();
        controller.close();
      });
    },
  });
  return new Response(stream, { headers: { "content-type": "text/event-stream" } });
}
