import { config } from "./config.mjs";

// The client is large, so it is loaded when it is needed.
const { createClientPool } = await import("redis");
const pool = await createClientPool({ url: config.reportStore }, { maximum: 8 }).connect();

export async function reports() {
  const sold = await pool.hGetAll("sold");
  const report = { at: new Date().toISOString(), sold };
  await pool.json.set("report:latest", "$", report);
  await Promise.all([
    pool.multi().incr("reports").expire("reports", 86_400).exec(),
    pool.execute((client) => client.xAdd("audit", "*", { at: report.at })),
  ]);
  return report;
}
