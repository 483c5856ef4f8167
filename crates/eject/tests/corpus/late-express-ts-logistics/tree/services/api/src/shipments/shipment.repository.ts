import type { Generated, Kysely } from "kysely";
import { LRUCache } from "lru-cache";

export interface Database {
  users: { id: Generated<string>; email: string; password_hash: string };
  sessions: { id: Generated<string>; user_id: string; user_agent: string | null };
  shipments: { id: Generated<string>; origin: string; destination: string; state: string; queue_position: number | null };
  depots: { code: string; capacity: number; redis_slot_key: string | null };
}

export class ShipmentRepository {
  private readonly depots = new LRUCache<string, Database["depots"]>({ max: 200, ttl: 10 * 60_000 });

  constructor(private readonly db: Kysely<Database>) {}

  async create(origin: string, destination: string): Promise<string> {
    const row = await this.db
      .insertInto("shipments")
      .values({ origin, destination, state: "draft", queue_position: null })
      .returning("id")
      .executeTakeFirstOrThrow();
    return row.id;
  }

  async depot(code: string): Promise<Database["depots"]> {
    const cached = this.depots.get(code);
    if (cached) return cached;
    const depot = await this.db.selectFrom("depots").selectAll().where("code", "=", code).executeTakeFirstOrThrow();
    this.depots.set(code, depot);
    return depot;
  }

  async setState(id: string, state: string): Promise<void> {
    await this.db.updateTable("shipments").set({ state }).where("id", "=", id).execute();
  }
}
