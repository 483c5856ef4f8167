import { sql } from "bun";
import { cached } from "../cache/cached";

export interface Feed { id: number; url: string; title: string }

export class Feeds {
  @cached({ key: (id: number) => String(id), ttl: 300 })
  async byId(id: number): Promise<Feed | null> {
    const [feed] = await sql<Feed[]>`select id, url, title from feeds where id = ${id}`;
    return feed ?? null;
  }

  async rename(id: number, title: string): Promise<void> {
    await sql`update feeds set title = ${title} where id = ${id}`;
  }

  all(): Promise<Feed[]> {
    return sql`select id, url, title from feeds order by id`;
  }
}
