import Redis, { Cluster } from "ioredis";

type Connection = Redis | Cluster;

export function factory(cluster = false): Connection {
  if (cluster) return new Cluster([{ host: "node-1", port: 7000 }]);
  return new Redis({ sentinels: [{ host: "sentinel", port: 26379 }], name: "mymaster" });
}
