import { join } from "node:path";
import Database from "better-sqlite3";

/** Changes that were made offline, in the order they were made. */
export class OfflineQueue {
  private readonly db: Database.Database;

  constructor(folder: string) {
    this.db = new Database(join(folder, "queue.sqlite"));
    this.db.exec("create table if not exists queue (id integer primary key, job text not null)");
  }

  add(job: object) {
    this.db.prepare("insert into queue (job) values (?)").run(JSON.stringify(job));
  }

  async flush(send: (job: unknown) => Promise<unknown>) {
    for (const row of this.db.prepare("select id, job from queue order by id").all() as { id: number; job: string }[]) {
      await send(JSON.parse(row.job));
      this.db.prepare("delete from queue where id = ?").run(row.id);
    }
  }
}
