// Queues of others: BullMQ on either of its stores, and graphile-worker. What is done to them is what
// `jobs.rs` does to ours.

import { createRequire } from "node:module";
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import { createPostgresBackend, Queue, runMigrations, Worker } from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";
import { Histogram, isAlone, obey } from "./told.mjs";

const NAME = "bench";
// A worker that has not begun by then will not.
const PATIENCE_MS = 60_000;
// When jobs are due that are not to be done.
const LATER_MS = 24 * 3_600_000;

let store;
let settings;
let ledger;
// How many jobs are done in a second, as far as is known, and how many are not to be done.
let perS = 10_000;
let later = 0;

const version = (name) => createRequire(import.meta.url)(`${name}/package.json`).version;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const payload = (number) => ({
  number,
  event: "invoice.paid",
  endpoint: "https://example.com/hooks/1",
});

// As libpq has it, and pgstead: sslmode=require does not verify.
const connectionString = (url) => `${url}${url.includes("?") ? "&" : "?"}uselibpqcompat=true`;

function bullmq(connection, backend) {
  const queue = new Queue(NAME, { connection }, backend);
  queue.on("error", () => {}); // Who asks is told.
  return {
    versions: { bullmq: version("bullmq") },
    send: (number) => queue.add("job", payload(number)),
    sendAll: (numbers, delay) =>
      queue.addBulk(
        numbers.map((number) => ({ name: "job", data: payload(number), opts: { delay } })),
      ),
    async left() {
      const counts = await queue.getJobCounts();
      return Object.values(counts).reduce((all, count) => all + count, 0);
    },
    purge: () => queue.drain(true),
    async work(concurrency, ledger) {
      const worker = new Worker(
        NAME,
        async (job) => ledger.begun(job.data.number),
        // What is done is removed, as with the others.
        { connection, concurrency, removeOnComplete: { count: 0 } },
        backend,
      );
      worker.on("error", (error) => ledger.fail(error));
      worker.on("failed", (_, error) => ledger.fail(error));
      worker.on("completed", () => ledger.ended());
      await worker.waitUntilReady();
      return {
        async stop() {
          // Closing alone would not tell us of those that are done meanwhile.
          await worker.pause();
          await worker.close();
        },
      };
    },
    end: () => queue.close(),
  };
}

const stores = {
  async "bullmq-redis"({ url }) {
    const { hostname: host, port } = new URL(url);
    // What its documentation has a worker's connection be.
    return bullmq({ host, port: Number(port), maxRetriesPerRequest: null });
  },

  async "bullmq-postgres"({ url, pool }) {
    const connection = { connectionString: connectionString(url), max: pool };
    const client = new pg.Client(connection);
    await client.connect();
    await runMigrations(client);
    await client.end();
    return bullmq(connection, createPostgresBackend);
  },

  async "graphile-worker"({ url, pool }) {
    const pgPool = new pg.Pool({ connectionString: connectionString(url), max: pool });
    pgPool.on("error", () => {}); // Who asks is told.
    pgPool.on("connect", (client) => client.on("error", () => {}));
    const logger = new Logger(() => () => {});
    const utils = await makeWorkerUtils({ pgPool, logger });
    await utils.migrate();
    return {
      versions: { graphile_worker: version("graphile-worker") },
      send: (number) => utils.addJob(NAME, payload(number)),
      sendAll: (numbers, delay) => {
        const runAt = delay ? new Date(Date.now() + delay) : undefined;
        return utils.addJobs(
          numbers.map((number) => ({ identifier: NAME, payload: payload(number), runAt })),
        );
      },
      async left() {
        const { rows } = await pgPool.query(
          "select count(*)::int as count from graphile_worker._private_jobs",
        );
        return rows[0].count;
      },
      purge: () => pgPool.query("truncate graphile_worker._private_jobs"),
      async work(concurrency, ledger) {
        const runner = await run({
          pgPool,
          logger,
          noHandleSignals: true,
          taskList: {
            [NAME]: async ({ number }) => {
              ledger.begun(number);
              ledger.ended();
            },
          },
          // What the page on performance of its documentation has.
          preset: {
            worker: {
              concurrentJobs: concurrency,
              localQueue: { size: 500 },
              completeJobBatchDelay: 0,
              failJobBatchDelay: 0,
            },
          },
        });
        return { stop: () => runner.stop() };
      },
      async end() {
        await utils.release();
        await pgPool.end();
      },
    };
  },
};

// Which jobs were done.
class Ledger {
  sent = 0;
  count = 0;
  #begun = new Uint8Array(1 << 16);
  #next;
  #nextEnded;
  #all;
  #last = 0;
  #error;

  // The numbers of those that are sent next.
  take(count) {
    const numbers = Array.from({ length: count }, (_, at) => this.sent + at);
    this.sent += count;
    if (this.sent > this.#begun.length) {
      const longer = new Uint8Array(2 * this.sent);
      longer.set(this.#begun);
      this.#begun = longer;
    }
    return numbers;
  }

  begun(number) {
    if (!(number < this.sent)) this.fail(new Error(`job ${number} was never sent`));
    if (this.#begun[number]) this.fail(new Error(`job ${number} was done before`));
    this.#begun[number] = 1;
    this.#next?.(performance.now());
    this.#next = undefined;
  }

  ended() {
    this.count++;
    this.#last = performance.now();
    this.#nextEnded?.(this.#last);
    this.#nextEnded = undefined;
    if (this.count === this.sent) this.#all?.();
  }

  fail(error) {
    this.#error ??= error;
  }

  // When the last was done.
  last() {
    if (this.#error) throw this.#error;
    return this.#last;
  }

  // When the next is begun.
  async next() {
    const next = new Promise((resolve) => (this.#next = resolve));
    const at = await Promise.race([next, sleepUnref(PATIENCE_MS)]);
    this.last();
    if (at === undefined) throw new Error("no job was begun");
    return at;
  }

  // When the next is done.
  nextEnded() {
    return new Promise((resolve) => (this.#nextEnded = resolve));
  }

  // When all are done.
  all() {
    return new Promise((resolve) => (this.#all = resolve));
  }
}

const sleepUnref = (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref());

async function begin(order) {
  settings = order;
  store = await stores[order.store](order);
  ledger = new Ledger();
  return { node: process.versions.node, ...store.versions };
}

// Callers that call again as soon as they are answered.
async function calls({ callers, ms }, call) {
  const latency = new Histogram();
  const began = performance.now();
  const end = began + ms;
  let failed = false;
  let count = 0;
  const caller = async () => {
    for (let before = began; before < end && !failed && !isAlone(); ) {
      await call(count++);
      const after = performance.now();
      latency.record(after - before);
      before = after;
    }
  };
  const all = Array.from({ length: callers }, caller);
  try {
    await Promise.all(all);
  } catch (error) {
    failed = true;
    await Promise.allSettled(all);
    throw error;
  }
  return { ms: performance.now() - began, count, latency: latency.seen() };
}

async function send(order) {
  const round = await calls(order, (number) => store.send(number));
  await sent(round.count);
  return round;
}

async function sendBatches(order) {
  const numbers = Array.from({ length: settings.batch }, (_, number) => number);
  const round = await calls(order, () => store.sendAll(numbers));
  round.count *= settings.batch;
  await sent(round.count);
  return round;
}

async function work({ callers, ms }) {
  const wanted = Math.max(settings.least_backlog, Math.ceil((2 * perS * ms) / 1000));
  await sendNumbers(ledger.take(Math.max(0, wanted - (ledger.sent - ledger.count))));
  const before = ledger.count;
  const all = ledger.all();
  const ended = ledger.nextEnded();
  const first = ledger.next();
  const worker = await store.work(callers, ledger);
  await first;
  const began = await ended;
  // Else there is more than can be done in that time.
  await Promise.race([all, sleepUnref(ms)]);
  // What it takes to stop is not counted, unless there is hardly anything else.
  let stopped;
  if (ledger.count - before <= callers) await (stopped = worker.stop());
  const took = ledger.last() - began;
  const count = ledger.count - before - 1;
  await (stopped ?? worker.stop());
  ledger.last();
  perS = (1000 * count) / took;
  const latency = new Histogram();
  latency.record((took * callers) / count, count);
  return { ms: took, count, latency: latency.seen() };
}

async function pickUp({ callers, ms }) {
  const worker = await store.work(callers, ledger);
  const pickOneUp = async () => {
    const [number] = ledger.take(1);
    const picked = ledger.next();
    const began = performance.now();
    await store.send(number);
    return (await picked) - began;
  };
  // The first is for what is done once.
  await pickOneUp();
  const latency = new Histogram();
  let count = 0;
  let all = 0;
  const end = performance.now() + ms;
  do {
    await sleep(settings.gap_ms);
    const took = await pickOneUp();
    latency.record(took);
    all += took;
    count++;
  } while (performance.now() < end && !isAlone());
  await worker.stop();
  return { ms: all, count, latency: latency.seen() };
}

async function sendLater({ count }) {
  later += count;
  await sendNumbers(Array.from({ length: count }, () => null), LATER_MS);
}

async function sendNumbers(numbers, delay) {
  for (let from = 0; from < numbers.length && !isAlone(); from += settings.batch)
    await store.sendAll(numbers.slice(from, from + settings.batch), delay);
}

// What was acknowledged is there, and nothing else.
async function sent(count) {
  const left = await store.left();
  if (left !== count) throw new Error(`${count} jobs were sent and ${left} are there`);
  await store.purge();
}

// Every job was done once, or is still there.
async function settle() {
  ledger.last();
  await sent(ledger.sent - ledger.count + later);
  ledger = new Ledger();
  later = 0;
}

async function end() {
  const ending = store;
  store = undefined;
  await ending?.end();
}

await obey({
  begin,
  send,
  "send-batches": sendBatches,
  work,
  "pick-up": pickUp,
  "send-later": sendLater,
  settle,
  end,
});
