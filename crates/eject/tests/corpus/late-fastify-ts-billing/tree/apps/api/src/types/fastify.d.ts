import type { Queues } from "@billing/shared/queues";
import type Redlock from "redlock";
import type { RefreshTokens } from "../services/refresh-tokens.js";

declare module "fastify" {
  interface FastifyInstance {
    queues: Queues;
    locks: Redlock;
    refreshTokens: RefreshTokens;
    idempotent: preHandlerAsyncHookHandler;
  }
  interface FastifyContextConfig {
    idempotency?: { ttl: number };
  }
  interface Session {
    operator?: { id: string; role: "clerk" | "admin" };
  }
}

declare module "@fastify/jwt" {
  interface FastifyJWT {
    payload: { sub: string; fam: string };
    user: { sub: string; fam: string };
  }
}
