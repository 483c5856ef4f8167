import { mock } from "bun:test";

process.env.DATABASE_URL ??= "postgres://feeds:hunter2Feedspghunter2@localhost/feeds_test";
process.env.COOKIE_SECRET ??= "hunter2Cookietesthunter2";
mock.module("graphile-worker", () => ({ run: async () => ({ stop: async () => {} }) }));
