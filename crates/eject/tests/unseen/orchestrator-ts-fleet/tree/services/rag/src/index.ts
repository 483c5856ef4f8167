import { createHash } from "node:crypto";
import { serve } from "@hono/node-server";
import { QdrantClient } from "@qdrant/js-client-rest";
import { Hono } from "hono";
import { store, take } from "./bucket.js";

const qdrant = new QdrantClient({ url: process.env.QDRANT_URL });
const app = new Hono();

async function embed(text: string): Promise<number[]> {
  const id = `emb:${createHash("sha1").update(text).digest("hex")}`;
  const hit = await store.get(id);
  if (hit) return JSON.parse(hit);
  const reply = await fetch("https://api.openai.com/v1/embeddings", {
    method: "POST",
    headers: { authorization: `Bearer ${process.env.OPENAI_API_KEY}` },
    body: JSON.stringify({ model: "text-embedding-3-small", input: text }),
  });
  const vector = (await reply.json()).data[0].embedding;
  await store.set(id, JSON.stringify(vector), { EX: 86_400 });
  return vector;
}

app.post("/search", async (c) => {
  const { tenant, query } = await c.req.json<{ tenant: string; query: string }>();
  if (!(await take(tenant, query.length))) return c.json({ error: "slow down" }, 429);
  const hits = await qdrant.search(tenant, { vector: await embed(query), limit: 8 });
  return c.json(hits);
});

serve({ fetch: app.fetch, port: 4300 });
