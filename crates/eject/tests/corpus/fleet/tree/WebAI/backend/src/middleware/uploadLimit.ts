import { rateLimit } from "express-rate-limit";

/** In memory: one process serves all uploads, so Redis would add nothing. */
export const uploadLimiter = rateLimit({ windowMs: 60_000, limit: 5 });
