import "reflect-metadata";
import { container } from "tsyringe";
import { InMemoryIdempotencyStore } from "./adapters/memory/idempotency-store";
import { PrismaPayments } from "./adapters/prisma/payments";
import { SettlementQueue } from "./adapters/queue/settlement-queue";
import { AccountLock } from "./adapters/redis/account-lock";
import { connect } from "./adapters/redis/connection";
import { RedisIdempotencyStore } from "./adapters/redis/idempotency-store";
import { env } from "./config/env";
import { TOKENS } from "./tokens";

container.register(TOKENS.Redis, { useValue: connect(env) });
container.register(TOKENS.IdempotencyStore, {
  useClass: env.NODE_ENV === "development" ? InMemoryIdempotencyStore : RedisIdempotencyStore,
});
container.register(TOKENS.Lock, { useClass: AccountLock });
container.register(TOKENS.Payments, { useClass: PrismaPayments });
container.register(TOKENS.Settlements, { useToken: SettlementQueue });

export { container };
