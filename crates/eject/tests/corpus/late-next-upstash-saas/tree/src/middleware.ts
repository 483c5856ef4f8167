import { NextResponse, type NextFetchEvent, type NextRequest } from "next/server";
import { ipAddress } from "@vercel/functions";
import { apiLimit } from "@/lib/limits";

export const config = { matcher: ["/api/((?!webhooks).*)"] };

export default async function middleware(request: NextRequest, event: NextFetchEvent) {
  const ip = ipAddress(request) ?? "127.0.0.1";
  const { success, limit, remaining, reset, pending } = await apiLimit.limit(ip);
  event.waitUntil(pending);
  const response = success ? NextResponse.next() : NextResponse.json({ error: "slow down" }, { status: 429 });
  response.headers.set("X-RateLimit-Limit", String(limit));
  response.headers.set("X-RateLimit-Remaining", String(remaining));
  response.headers.set("X-RateLimit-Reset", String(reset));
  return response;
}
