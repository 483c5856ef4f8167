import { aiLimit } from "@/lib/limits";
import { session } from "@/lib/session";
import { track } from "@/lib/usage";

export const runtime = "edge";

export async function POST(request: Request) {
  const { userId, plan } = await session();
  if (!userId) return new Response(null, { status: 401 });
  if (plan !== "pro" && !(await aiLimit.limit(userId)).success) return new Response(null, { status: 429 });
  const { prompt } = (await request.json()) as { prompt: string };
  await track(userId, prompt.length);
  return Response.json({ answer: prompt.toUpperCase() });
}
