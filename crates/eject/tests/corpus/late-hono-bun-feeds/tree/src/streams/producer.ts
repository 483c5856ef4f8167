import { config } from "../config";
import { kv } from "../kv/connection";
import { STREAM, type Item } from "./names";

export async function emit(item: Item): Promise<string> {
  const client = await kv();
  return client.xAdd(STREAM, "*", { ...item }, {
    TRIM: { strategy: "MAXLEN", strategyModifier: "~", threshold: config.kv.maxlen },
  });
}
