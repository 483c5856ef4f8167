import { randomBytes } from "node:crypto";
import { createCookie, createSessionStorage, redirect } from "@remix-run/node";
import { redis } from "./redis.server";

type Data = { userId?: string; theme?: "dark" | "light" };
type Flash = { notice: string };

const cookie = createCookie("__notes", {
  httpOnly: true,
  sameSite: "lax",
  secure: process.env.NODE_ENV === "production",
  secrets: [process.env.SESSION_SECRET ?? "hunter2Devhunter2"],
  maxAge: 60 * 60 * 24 * 30,
});

const msUntil = (expires?: Date) => (expires ? Math.max(1, expires.getTime() - Date.now()) : 86_400_000);

export const { getSession, commitSession, destroySession } = createSessionStorage<Data, Flash>({
  cookie,
  async createData(data, expires) {
    const id = randomBytes(18).toString("base64url");
    await redis.set(`sess:${id}`, JSON.stringify(data), "PX", msUntil(expires));
    return id;
  },
  async readData(id) {
    const raw = await redis.get(`sess:${id}`);
    return raw ? JSON.parse(raw) : null;
  },
  async updateData(id, data, expires) {
    await redis.set(`sess:${id}`, JSON.stringify(data), "PX", msUntil(expires), "XX");
  },
  async deleteData(id) {
    await redis.del(`sess:${id}`);
  },
});

export async function requireUser(request: Request): Promise<string> {
  const session = await getSession(request.headers.get("cookie"));
  const userId = session.get("userId");
  if (!userId) throw redirect("/login");
  return userId;
}
