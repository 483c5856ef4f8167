import { Redis, type RedisOptions } from "ioredis";
import type { AppConfig } from "../config.js";
import type { Logger } from "../logger.js";

export type ConnectionRole = "cache" | "queue" | "publisher" | "subscriber";

const overrides: Record<ConnectionRole, RedisOptions> = {
  cache: { enableAutoPipelining: true, maxRetriesPerRequest: 2, commandTimeout: 500 },
  // BullMQ insists on null here for blocking connections
  queue: { maxRetriesPerRequest: null, enableReadyCheck: false },
  publisher: { maxRetriesPerRequest: 1, enableOfflineQueue: false },
  subscriber: { autoResubscribe: true },
};

/**
 * One connection for each role, opened on first use. Services get theirs from here by the
 * container; nobody else calls `new Redis`.
 */
export class RedisRegistry {
  private readonly open = new Map<ConnectionRole, Redis>();

  constructor(
    private readonly config: AppConfig,
    private readonly logger: Logger,
  ) {}

  get(role: ConnectionRole): Redis {
    let connection = this.open.get(role);
    if (!connection) {
      connection = this.connect(role);
      this.open.set(role, connection);
    }
    return connection;
  }

  private connect(role: ConnectionRole): Redis {
    const { cache, queue } = this.config.connections;
    const url = role === "queue" ? queue : cache;
    const connection = new Redis(url, {
      connectionName: `haul:${role}`,
      retryStrategy: (times) => Math.min(times * 200, 5_000),
      reconnectOnError: (cause) => cause.message.startsWith("READONLY"),
      ...overrides[role],
    });
    connection.on("error", (cause) => this.logger.warn({ cause, role }, "redis connection"));
    connection.once("ready", () => this.logger.info({ role }, "redis ready"));
    return connection;
  }

  async ready(): Promise<boolean> {
    const replies = await Promise.all([...this.open.values()].map((connection) => connection.ping()));
    return replies.every((reply) => reply === "PONG");
  }

  async close(): Promise<void> {
    for (const [role, connection] of this.open) {
      this.logger.debug({ role }, "closing");
      await connection.quit().catch(() => connection.disconnect());
    }
    this.open.clear();
  }
}
