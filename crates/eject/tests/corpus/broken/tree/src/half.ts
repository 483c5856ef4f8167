import Redis from "ioredis";

export const half = new Redis();

export function broken( {
  if (half.get("x"
=======
>>>>>>> theirs
