export const config = {
  stores: {
    konstructor: (await import("ioredis")).default,
    args: [{ host: process.env.REDIS_HOST || "127.0.0.1" }],
  },
};
