import { parse } from "cookie";
import type { createClient } from "redis";

type Client = ReturnType<typeof createClient>;

/** Reads what the web app has written; the signature of the cookie is checked there and there alone. */
export async function userOf(client: Client, header = ""): Promise<string | undefined> {
  const value = parse(header).__notes?.split(".")[0];
  if (!value) return undefined;
  const id = JSON.parse(Buffer.from(value, "base64").toString());
  const raw = await client.get(`sess:${id}`);
  return raw ? JSON.parse(raw).userId : undefined;
}
