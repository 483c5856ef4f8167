import { getIronSession, type SessionOptions } from "iron-session";
import { cookies } from "next/headers";

export interface Session {
  userId?: string;
  plan?: "free" | "pro";
}

const options: SessionOptions = { cookieName: "saas", password: process.env.SESSION_PASSWORD!, ttl: 60 * 60 * 24 * 14 };

export const session = async () => getIronSession<Session>(await cookies(), options);
