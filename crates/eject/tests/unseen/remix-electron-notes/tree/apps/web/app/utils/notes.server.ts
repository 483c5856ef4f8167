import { LRUCache } from "lru-cache";
import { CHANGES } from "@notes/shared";
import { type Note, sql } from "./db.server";
import { redis } from "./redis.server";

const rendered = new LRUCache<string, string>({ max: 200 });

export async function noteById(id: string): Promise<Note | undefined> {
  const [note] = await sql<Note[]>`select id, title, body, version from notes where id = ${id}`;
  return note;
}

export async function saveNote(id: string, title: string, body: string): Promise<void> {
  const [{ version }] = await sql`
    update notes set title = ${title}, body = ${body}, version = version + 1 where id = ${id} returning version`;
  rendered.delete(id);
  await redis.xadd(CHANGES, "MAXLEN", "~", 10_000, "*", "note", id, "version", version);
}
