import { Ratelimit } from "@/lib/local-limit";
import { search } from "@/lib/search";

const limiter = new Ratelimit(30);

export async function GET(request: Request) {
  const query = new URL(request.url).searchParams.get("q") ?? "";
  if (!limiter.limit(query).success) return new Response(null, { status: 429 });
  return Response.json(await search(query));
}
