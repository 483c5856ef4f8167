import Redis, { type Cluster } from "ioredis";

export class Connection {
  redis!: Redis | Cluster;
  keyPrefix = "p:";

  open() {
    this.redis = new Redis(process.env.REDIS_URL!);
    return this;
  }
}
