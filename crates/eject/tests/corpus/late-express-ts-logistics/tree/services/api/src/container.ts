import { asClass, asFunction, asValue, createContainer, InjectionMode, Lifetime } from "awilix";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { createLogger, loadConfig, Mutex, RedisRegistry, registerScripts } from "@haul/platform";
import { createQueues, DispatchFlow } from "@haul/queues";
import { RefreshTokens } from "./auth/refresh-tokens.js";
import { QuoteCache } from "./shipments/quote-cache.js";
import { ShipmentRepository } from "./shipments/shipment.repository.js";
import { ShipmentService } from "./shipments/shipment.service.js";
import { createLimiters } from "./middleware/rate-limit.js";

export function buildContainer() {
  const container = createContainer({ injectionMode: InjectionMode.CLASSIC, strict: true });
  const config = loadConfig();

  container.register({
    config: asValue(config),
    logger: asValue(createLogger("api", config.logLevel)),
    registry: asClass(RedisRegistry, {
      lifetime: Lifetime.SINGLETON,
      dispose: (registry) => registry.close(),
    }),
    redis: asFunction((registry: RedisRegistry) => registerScripts(registry.get("cache"))).singleton(),
    mutex: asFunction((redis) => new Mutex(redis)).singleton(),
    limiters: asFunction((redis) => createLimiters(redis)).singleton(),
    queues: asFunction((registry: RedisRegistry) => createQueues(registry.get("queue"), config.queuePrefix), {
      lifetime: Lifetime.SINGLETON,
      dispose: (queues) => queues.close(),
    }),
    dispatchFlow: asFunction((registry: RedisRegistry) => new DispatchFlow(registry.get("queue"), config.queuePrefix)).singleton(),
    db: asFunction(
      () => new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: config.databaseUrl, max: 12 }) }) }),
      { lifetime: Lifetime.SINGLETON, dispose: (db) => db.destroy() },
    ),
    refreshTokens: asClass(RefreshTokens).singleton(),
    quoteCache: asClass(QuoteCache).singleton(),
    shipmentRepository: asClass(ShipmentRepository).singleton(),
    shipmentService: asClass(ShipmentService).singleton(),
  });

  return container;
}
