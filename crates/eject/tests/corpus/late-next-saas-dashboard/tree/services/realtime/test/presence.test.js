import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { client, connect, disconnect } from '../src/redis.js';
import { arrive, leave, online } from '../src/presence.js';

before(async () => {
  await connect();
  await client.flushDb();
});
after(disconnect);

test('who comes is online until they leave', async () => {
  await arrive('acme', 'ada');
  assert.deepEqual(await online('acme'), ['ada']);
  await leave('acme', 'ada');
  assert.deepEqual(await online('acme'), []);
});
