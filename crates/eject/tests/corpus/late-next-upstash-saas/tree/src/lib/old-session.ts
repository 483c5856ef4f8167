import { kv } from "@vercel/kv";

export const readSession = (id: string) => kv.get<{ userId: string }>(`session:${id}`);
export const writeSession = (id: string, userId: string) => kv.set(`session:${id}`, { userId }, { ex: 60 * 60 });
