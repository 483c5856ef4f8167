import { Feeds } from "./feeds/repository";
import { poll } from "./feeds/poller";
import { digests } from "./jobs/digest";
import { thumbnails } from "./jobs/thumbnails";
import { kv } from "./kv/connection";
import { Tiered } from "./cache/tiered";
import { Consumer } from "./streams/consumer";

const store = await kv();
const latest = new Tiered<string, { title: string; url: string }>(store, "latest");

const consumer = await Consumer.start(`indexer-${Bun.env.FLY_MACHINE_ID ?? "local"}`, async (item) => {
  await latest.set(item.feed, { title: item.title, url: item.url });
  await store.publish(`items:${item.feed}`, item.title);
});

const images = thumbnails(true);
images.process(4, async (job) => {
  const image = await fetch(job.data.url).then((r) => r.arrayBuffer());
  await Bun.write(`/data/thumbs/${job.id}.webp`, image);
});

const runner = await digests();
const timer = setInterval(async () => {
  for (const feed of await new Feeds().all()) await poll(feed);
}, 60_000);

process.on("SIGTERM", async () => {
  clearInterval(timer);
  await Promise.all([consumer.stop(), images.close(10_000), runner.stop()]);
});
