import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { z } from "zod";
import { Feeds } from "../feeds/repository";
import { poll } from "../feeds/poller";
import { request as requestThumbnail } from "../jobs/thumbnails";
import { paid } from "../limits/middleware";

const feeds = new Feeds();

export const feedRoutes = new Hono()
  .get("/", async (c) => c.json(await feeds.all()))
  .get("/:id{[0-9]+}", async (c) => {
    const feed = await feeds.byId(Number(c.req.param("id")));
    return feed ? c.json(feed) : c.notFound();
  })
  .patch("/:id", zValidator("json", z.object({ title: z.string().min(1) })), async (c) => {
    await feeds.rename(Number(c.req.param("id")), c.req.valid("json").title);
    return c.body(null, 204);
  })
  .post("/:id/refresh", paid(5), async (c) => {
    const feed = await feeds.byId(Number(c.req.param("id")));
    if (!feed) return c.notFound();
    const job = await requestThumbnail({ url: feed.url, width: 320 });
    return c.json({ items: await poll(feed), thumbnail: job.id });
  });
