import { createHash, randomInt } from "node:crypto";
import { NextResponse } from "next/server";
import { keys, redis } from "@/lib/redis";

const digest = (code: string) => createHash("sha256").update(code).digest("hex");

export async function POST(request: Request) {
  const { email } = await request.json();
  const code = String(randomInt(1e6)).padStart(6, "0");
  const stored = await redis.set(keys.code(email), digest(code), { ex: 600, nx: true });
  if (stored === null) return NextResponse.json({ error: "slow_down" }, { status: 429 });

  await fetch("https://mail.example.com/send", { method: "POST", body: JSON.stringify({ to: email, code }) });
  return new NextResponse(null, { status: 202 });
}

export async function PUT(request: Request) {
  const { email, code } = await request.json();
  const expected = await redis.getdel<string>(keys.code(email));
  return expected === digest(code)
    ? NextResponse.json({ ok: true })
    : NextResponse.json({ error: "wrong_code" }, { status: 401 });
}
