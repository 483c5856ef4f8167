import { createSessionStorage } from "@remix-run/node";
import { redis } from "~/redis.server";

const seconds = (date?: Date) => Math.floor((date?.getTime() ?? Date.now() + 86_400_000) / 1000);

export const { getSession, commitSession, destroySession } = createSessionStorage({
  cookie: { name: "__session", httpOnly: true, secrets: [process.env.SESSION_SECRET!] },
  async createData(data, expires) {
    const id = crypto.randomUUID();
    await redis.set(`session:${id}`, JSON.stringify(data), { EXAT: seconds(expires) });
    return id;
  },
  async readData(id) {
    const data = await redis.get(`session:${id}`);
    return data ? JSON.parse(data) : null;
  },
  async updateData(id, data) {
    await redis.set(`session:${id}`, JSON.stringify(data), { KEEPTTL: true });
  },
  async deleteData(id) {
    await redis.del(`session:${id}`);
  },
});
