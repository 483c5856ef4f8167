// rate-limiter-flexible, told what to do in lines of JSON: each line on standard input is answered
// by one on standard output. It ends when nobody can tell it anything any more.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { Redis } from "ioredis";
import pg from "pg";
import flexible from "rate-limiter-flexible";

const SCHEMA = "pgstead_bench_flexible";
// How many ask at once where it is not measured.
const TOGETHER = 64;
// A caller that is never kept waiting lets others have a turn after so many calls.
const CALLS_AT_A_STRETCH = 1024;

let store;
// By whether they are durable: { open, closed }.
let limiters;
let names;
let nobodyListens = false;

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
    while (next < names.length && !nobodyListens) await limiter.consume(names[next++]);
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
  const latency = new Uint32Array(BUCKETS);
  const began = performance.now();
  const end = began + ms;
  let failed = false;
  const call = async (caller) => {
    let state = Math.imul(caller, 0x27d4eb2f);
    let before = performance.now();
    for (let calls = 1; before < end && !failed && !nobodyListens; calls++) {
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
      latency[bucket((after - before) * 1e6)]++;
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
  const seen = [];
  latency.forEach((count, bucket) => count && seen.push([bucketNs(bucket), count]));
  return { ms: took, latency: seen };
}

// A histogram with two digits, up to 2 s: 128 buckets for each power of two.
const LONGEST_NS = 2 ** 31 - 1;
const BUCKETS = bucket(LONGEST_NS) + 1;

function bucket(ns) {
  const whole = Math.min(ns, LONGEST_NS) | 0;
  const shift = Math.max(0, 24 - Math.clz32(whole));
  return (shift << 7) + (whole >>> shift);
}

// The middle of a bucket.
function bucketNs(bucket) {
  const shift = Math.max(0, (bucket >>> 7) - 1);
  return (bucket - (shift << 7)) * 2 ** shift + (shift && 2 ** (shift - 1));
}

async function end() {
  const ending = store;
  store = undefined;
  await ending?.end();
  return null;
}

const orders = { begin, round, end };

async function obey(line) {
  const order = JSON.parse(line);
  try {
    return { ok: await orders[order.do](order) };
  } catch (error) {
    // Of several attempts to connect there are several errors, and no message.
    const errors = error.errors ?? [error];
    return { error: errors.map((error) => error.message || String(error)).join(", ") };
  }
}

// Ctrl-C is for whoever tells us what to do; when he has gone there is something to put away.
process.on("SIGINT", () => {});
process.on("SIGHUP", () => {});
process.stdout.on("error", () => {});

const lines = createInterface({ input: process.stdin });
lines.on("close", () => {
  nobodyListens = true;
  // A database that does not answer must not keep us.
  setTimeout(() => process.exit(1), 5000).unref();
});
for await (const line of lines) process.stdout.write(`${JSON.stringify(await obey(line))}\n`);
try {
  await end();
} catch {
  process.exit(1);
}
