import Redis, { Cluster, type RedisOptions } from "ioredis";
import type { Env } from "../../config/env";

export type RedisConnection = Redis | Cluster;

export function connect(env: Env): RedisConnection {
  const common: RedisOptions = {
    password: env.REDIS_PASSWORD,
    maxRetriesPerRequest: null,
    enableReadyCheck: true,
  };
  switch (env.REDIS_TOPOLOGY) {
    case "cluster":
      return new Cluster(env.REDIS_NODES, { redisOptions: common, scaleReads: "slave" });
    case "sentinel":
      return new Redis({
        ...common,
        sentinels: env.REDIS_NODES,
        name: env.REDIS_MASTER_NAME ?? "mymaster",
      });
    default:
      return new Redis({ ...common, ...env.REDIS_NODES[0] });
  }
}
