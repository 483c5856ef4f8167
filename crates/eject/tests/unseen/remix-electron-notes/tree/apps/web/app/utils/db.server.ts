import postgres from "postgres";

export const sql = postgres(process.env.DATABASE_URL!, { max: 10, idle_timeout: 30 });

export interface Note {
  id: string;
  title: string;
  body: string;
  version: number;
}
