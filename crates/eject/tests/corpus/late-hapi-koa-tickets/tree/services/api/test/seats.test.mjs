import assert from "node:assert/strict";
import { after, test } from "node:test";
import { client } from "../lib/redis.mjs";

after(() => client.flushDb());

test("a seat is held once", async () => {
  assert.equal(await client.hold("seat:t1", "a", 1_000), true);
  assert.equal(await client.hold("seat:t1", "b", 1_000), false);
  assert.equal(await client.get("seat:t1"), "a");
});
