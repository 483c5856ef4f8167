// rate-limiter-flexible, on either of its stores.

import { createRequire } from "node:module";
import { Redis } from "ioredis";
import pg from "pg";
import flexible from "rate-limiter-flexible";
import { Histogram, isAlone, obey } from "./told.mjs";

const SCHEMA = "pgstead_bench_flexible";
// How many ask at once where it is not measured.
const TOGETHER = 64;
// A caller that is never kept waiting lets others have a turn after so many calls.
const CALLS_AT_A_STRETCH = 1024;

let store;
// By whether they are durable: { open, closed }.
let limiters;
let names;

const stores = {
  // What the library's documentation has for a client, and the pipelining that ioredis recommends.
  async redis({ url }) {
    const client = new Redis(url, {
      enableAutoPipelining: true,
      enableOfflineQueue: false,
      lazyConnect: true,
    });
    client.on("error", () => {}); // Who asks is told.
    await client.connect();
    const limiter = (options) =>
      new flexible.RateLimiterRedis({ ...options, storeClient: client });
    return {
      // Redis has one kind of key.
      limiters: (options) => ({ fast: limiter(options), durable: limiter(options) }),
      end: () => client.disconnect(),
    };
  },

  // The library makes its table; the fast one is made UNLOGGED then, as pgstead's is.
  async postgres({ url }) {
    // As libpq has it, and pgstead: sslmode=require does not verify.
    const connectionString = `${url}${url.includes("?") ? "&" : "?"}uselibpqcompat=true`;
    const pool = new pg.Pool({ connectionString, application_name: "pgstead-bench" });
    pool.on("error", () => {}); // Who asks is told.
    const drop = `drop schema if exists ${SCHEMA} cascade`;
    await pool.query(drop);
    await pool.query(`create schema ${SCHEMA}`);
    const limiter = (options, tableName) =>
      new Promise((resolve, reject) => {
        const all = { ...options, storeClient: pool, schemaName: SCHEMA, tableName };
        const limiter = new flexible.RateLimiterPostgres(all, (error) =>
          error ? reject(error) : resolve(limiter),
        );
      });
    return {
      async limiters(options) {
        const fast = await limiter(options, "fast");
        await pool.query(`alter table ${SCHEMA}.fast set unlogged`);
        return { fast, durable: await limiter(options, "durable") };
      },
      async end() {
        await pool.query(drop);
        await pool.end();
      },
    };
  },
};

async function begin(order) {
  store = await stores[order.store](order);
  const duration = order.window_s;
  const open = await store.limiters({ keyPrefix: "open", points: order.open_limit, duration });
  const closed = await store.limiters({
    keyPrefix: "closed",
    points: order.closed_limit,
    duration,
    // The documentation would have every limiter with a store speed up its refusals with it.
    inMemoryBlockOnConsumed: order.closed_limit,
  });
  limiters = {
    fast: { open: open.fast, closed: closed.fast },
    durable: { open: open.durable, closed: closed.durable },
  };
  names = Array.from({ length: order.keys }, (_, key) => `user:${key}`);
  // The engine has seen what it is to optimise, and there is nothing left for who is closed.
  await eachKey(open.fast);
  if (order.closes) await eachKey(closed.fast);
  return {
    node: process.versions.node,
    flexible: createRequire(import.meta.url)("rate-limiter-flexible/package.json").version,
  };
}

async function eachKey(limiter) {
  let next = 0;
  const some = async () => {
    while (next < names.length && !isAlone()) await limiter.consume(names[next++]);
  };
  await Promise.all(Array.from({ length: TOGETHER }, some));
}

// What a number stands for: whether it is refused, and which key. `Keys::of` says the same.
const targets = {
  uniform: (number) => [false, number],
  hot: () => [false, 0],
  "mostly-refused": (number) => [number % 10 !== 0, Math.floor(number / 10)],
  refused: (number) => [true, number],
};

const yes = () => true;
const no = (refusal) => {
  if (refusal instanceof Error) throw refusal;
  return false;
};

async function round({ keys, durable, callers, ms }) {
  const { open, closed } = durable ? limiters.durable : limiters.fast;
  const target = targets[keys];
  const latency = new Histogram();
  const began = performance.now();
  const end = began + ms;
  let failed = false;
  const call = async (caller) => {
    let state = Math.imul(caller, 0x27d4eb2f);
    let before = performance.now();
    for (let calls = 1; before < end && !failed && !isAlone(); calls++) {
      // SplitMix32: each caller has numbers of its own.
      state = (state + 0x9e3779b9) | 0;
      let mixed = state ^ (state >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      const [refused, key] = target((mixed ^ (mixed >>> 15)) >>> 0);
      const name = names[key % names.length];
      const allowed = await (refused ? closed : open).consume(name).then(yes, no);
      const after = performance.now();
      if (allowed === refused) throw new Error(`${name} was ${allowed ? "granted" : "refused"}`);
      latency.record(after - before);
      before = after;
      if (calls % CALLS_AT_A_STRETCH === 0) {
        await new Promise(setImmediate);
        before = performance.now();
      }
    }
  };
  const all = Array.from({ length: callers }, (_, caller) => call(caller));
  try {
    await Promise.all(all);
  } catch (error) {
    failed = true;
    await Promise.allSettled(all);
    throw error;
  }
  const took = performance.now() - began;
  return { ms: took, latency: latency.seen() };
}

async function end() {
  const ending = store;
  store = undefined;
  await ending?.end();
}

await obey({ begin, round, end });
