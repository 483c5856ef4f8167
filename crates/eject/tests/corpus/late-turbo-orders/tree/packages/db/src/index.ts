import postgres from "postgres";
import { env } from "@orders/config/env";

export const sql = postgres(env.DATABASE_URL, { max: 10 });

export interface Product {
  sku: string;
  name: string;
  cents: number;
}
