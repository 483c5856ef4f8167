import { NextResponse, type NextFetchEvent, type NextRequest } from "next/server";
import { apiLimit } from "@/lib/ratelimit";

export const config = { matcher: ["/api/((?!cron).*)"] };

export default async function middleware(request: NextRequest, event: NextFetchEvent) {
  const ip = request.headers.get("x-forwarded-for")?.split(",")[0] ?? "127.0.0.1";
  const { success, limit, remaining, reset, pending } = await apiLimit.limit(ip);
  event.waitUntil(pending);

  const response = success
    ? NextResponse.next()
    : NextResponse.json({ error: "rate_limited" }, { status: 429 });
  response.headers.set("X-RateLimit-Limit", String(limit));
  response.headers.set("X-RateLimit-Remaining", String(remaining));
  response.headers.set("X-RateLimit-Reset", String(reset));
  return response;
}
