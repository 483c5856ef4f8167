import { integer, jsonb, pgEnum, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

export const state = pgEnum("state", ["draft", "sent", "paid", "overdue"]);

export const invoices = pgTable("invoices", {
  id: uuid("id").primaryKey().defaultRandom(),
  ownerId: text("owner_id").notNull(),
  customer: text("customer").notNull(),
  number: text("number").notNull(),
  lines: jsonb("lines").$type<{ text: string; quantity: number; cents: number }[]>().notNull(),
  net: integer("net").notNull(),
  tax: integer("tax").notNull(),
  gross: integer("gross").notNull(),
  state: state("state").notNull().default("draft"),
  redisEventId: text("redis_event_id"),
  issuedAt: timestamp("issued_at").notNull().defaultNow(),
  dueAt: timestamp("due_at"),
});

export type InvoiceRow = typeof invoices.$inferSelect;
