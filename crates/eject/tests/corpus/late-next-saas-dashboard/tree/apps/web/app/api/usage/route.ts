import { NextResponse } from "next/server";
import { memo } from "@/lib/memo";
import { track, usageToday } from "@/lib/usage";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

export async function GET(request: Request) {
  const team = new URL(request.url).searchParams.get("team") ?? "demo";
  return NextResponse.json(await memo(`usage:${team}`, () => usageToday(team)));
}

export async function POST(request: Request) {
  const { team, bytes } = await request.json();
  await track(team, bytes);
  return new NextResponse(null, { status: 204 });
}
