import { Cache, JobQueue, iso } from "@acme/kit";
import { report } from "./report";

const cache = new Cache("prices");
const exportJobs = new JobQueue("exports");

export async function run() {
  const prices = await cache.remember("all", 60, async () => [1, 2, 3]);
  await exportJobs.add("csv", { prices, at: iso(new Date()) });
  report();
}
void run();
