import NodeCache from "node-cache";

const client = new NodeCache({ stdTTL: 60, useClones: false });

client.on("expired", (key) => console.info("redis-less cache forgot %s", key));

export function flags() {
  const hit = client.get("flags");
  if (hit) return hit;
  client.set("flags", { darkMode: true });
  return client.get("flags");
}
