import type { RequestHandler } from "express";

/** Counts requests of this process alone; the shared limits are in rate-limit.ts. */
export function shedLoad({ maxInFlight }: { maxInFlight: number }): RequestHandler {
  let inFlight = 0;
  const lastSeen = new Map<string, number>();

  return (req, res, next) => {
    if (inFlight >= maxInFlight) {
      res.status(503).set("Retry-After", "1").end();
      return;
    }
    inFlight += 1;
    lastSeen.set(req.path, Date.now());
    res.once("close", () => {
      inFlight -= 1;
      if (lastSeen.size > 1_000) lastSeen.clear();
    });
    next();
  };
}
