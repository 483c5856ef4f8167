import RedisMock from "ioredis-mock";
import { beforeAll, expect, test, vi } from "vitest";

vi.mock("../app/utils/redis.server", () => ({ redis: new RedisMock() }));

let sessions: typeof import("../app/utils/session.server");
beforeAll(async () => {
  sessions = await import("../app/utils/session.server");
});

test("what was committed is read again", async () => {
  const session = await sessions.getSession();
  session.set("userId", "42");
  const cookie = await sessions.commitSession(session);
  expect((await sessions.getSession(cookie)).get("userId")).toBe("42");
});
