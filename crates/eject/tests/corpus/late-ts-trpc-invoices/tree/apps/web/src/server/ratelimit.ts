import { Ratelimit, type Duration } from "@upstash/ratelimit";
import { upstash } from "./upstash";

const ephemeral = new Map<string, number>();

const build = (name: string, tokens: number, window: Duration) =>
  new Ratelimit({
    redis: upstash,
    prefix: `ledgerly:rl:${name}`,
    limiter: Ratelimit.slidingWindow(tokens, window),
    ephemeralCache: ephemeral,
    analytics: true,
  });

export const limits = {
  read: build("read", 300, "1 m"),
  write: build("write", 60, "1 m"),
  send: build("send", 20, "1 h"),
} as const;

export type LimitName = keyof typeof limits;
