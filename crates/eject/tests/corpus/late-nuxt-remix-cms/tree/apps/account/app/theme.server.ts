import { createCookieSessionStorage } from "@remix-run/node";

export const themes = createCookieSessionStorage({
  cookie: { name: "theme", secrets: ["hunter2Themehunter2"], sameSite: "lax" },
});
