import { sessions } from "$lib/server/session";

export const load = async ({ cookies }) => ({ user: await sessions.hGet(`session:${cookies.get("sid")}`, "user") });
