// A process that is told what to do in lines of JSON: each line on standard input is answered by one
// on standard output. It ends when nobody can tell it anything any more.

import { createInterface } from "node:readline";

let nobodyListens = false;

// Whether there is no use in going on.
export const isAlone = () => nobodyListens;

// Does what each line says, by the name in `do`. At last, and however it comes to it, `end` is done.
export async function obey(orders) {
  const answer = async (line) => {
    const order = JSON.parse(line);
    try {
      return { ok: (await orders[order.do](order)) ?? null };
    } catch (error) {
      // Of several attempts to connect there are several errors, and no message.
      const errors = error.errors ?? [error];
      return { error: errors.map((error) => error.message || String(error)).join(", ") };
    }
  };
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
  for await (const line of lines) process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
  try {
    await orders.end();
  } catch {
    process.exit(1);
  }
}

// Two digits, up to 2 s: 128 buckets for each power of two.
const LONGEST_NS = 2 ** 31 - 1;
const BUCKETS = bucket(LONGEST_NS) + 1;

// How often what took how long.
export class Histogram {
  #counts = new Uint32Array(BUCKETS);

  record(ms, count = 1) {
    this.#counts[bucket(ms * 1e6)] += count;
  }

  // Pairs of nanoseconds and counts.
  seen() {
    const seen = [];
    this.#counts.forEach((count, bucket) => count && seen.push([bucketNs(bucket), count]));
    return seen;
  }
}

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
