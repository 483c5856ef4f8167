import { XMLParser } from "fast-xml-parser";
import { memory } from "../cache/memory";
import { withLock } from "../kv/lock";
import { emit } from "../streams/producer";
import type { Feed } from "./repository";

const etags = memory<string>(24 * 3_600_000);
const parser = new XMLParser({ ignoreAttributes: false });

export async function poll(feed: Feed): Promise<number> {
  const count = await withLock(`poll:${feed.id}`, 30_000, async () => {
    const response = await fetch(feed.url, { headers: { "if-none-match": etags.get(feed.url) ?? "" } });
    if (response.status === 304) return 0;
    etags.set(feed.url, response.headers.get("etag") ?? "");
    const items = parser.parse(await response.text()).rss?.channel?.item ?? [];
    for (const item of items) await emit({ guid: item.guid, feed: String(feed.id), title: item.title, url: item.link });
    return items.length;
  });
  return count ?? 0;
}
