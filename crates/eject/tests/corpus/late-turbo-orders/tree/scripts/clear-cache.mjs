import Redis from "ioredis";

const redis = new Redis(process.env.REDIS_URL, { keyPrefix: "" });
const stream = redis.scanStream({ match: "orders:cache:*", count: 500 });

for await (const keys of stream) {
  if (keys.length > 0) await redis.unlink(...keys);
}
redis.disconnect();
