import { drizzle } from "drizzle-orm/node-postgres";
import { bigint, boolean, index, pgTable, text, timestamp } from "drizzle-orm/pg-core";

export const sessions = pgTable(
  "sessions",
  {
    sessionToken: text("session_token").primaryKey(),
    userId: text("user_id").notNull(),
    expires: timestamp("expires", { mode: "date" }).notNull(),
    inRedis: boolean("in_redis").default(false),
  },
  (t) => ({ byUser: index("sessions_user").on(t.userId) }),
);

export const rollups = pgTable("rollups", {
  team: text("team").notNull(),
  month: text("month").notNull(),
  bytes: bigint("bytes", { mode: "number" }).notNull(),
  exports: bigint("exports", { mode: "number" }).notNull(),
});

export const teams = pgTable("teams", { id: text("id").primaryKey(), name: text("name") });

export const db = drizzle(process.env.DATABASE_URL!);
