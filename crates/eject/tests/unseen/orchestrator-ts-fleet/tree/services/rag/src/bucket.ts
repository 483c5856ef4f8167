import { createClient, defineScript } from "redis";

const takeTokens = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: `
    local b = redis.call('HMGET', KEYS[1], 'tokens', 'ts')
    local rate, size, now, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
    local tokens = math.min(size, (tonumber(b[1]) or size) + (now - (tonumber(b[2]) or now)) * rate)
    if tokens < cost then return 0 end
    redis.call('HSET', KEYS[1], 'tokens', tokens - cost, 'ts', now)
    redis.call('EXPIRE', KEYS[1], math.ceil(size / rate))
    return 1
  `,
  transformArguments(key: string, rate: number, size: number, cost: number) {
    return [key, String(rate), String(size), String(Date.now() / 1000), String(cost)];
  },
  transformReply: (reply: number) => reply === 1,
});

export const store = await createClient({
  url: process.env.RAG_REDIS_URL ?? process.env.REDIS_URL,
  scripts: { takeTokens },
})
  .on("error", (e) => console.error("[rag] redis", e.message)).connect();

export const take = (tenant: string, cost: number) => store.takeTokens(`bucket:${tenant}`, 50, 2_000, cost);
