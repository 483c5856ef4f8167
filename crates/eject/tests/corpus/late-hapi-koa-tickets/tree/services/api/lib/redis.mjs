import { createClient, defineScript } from "redis";

const HOLD = `
if redis.call('SETNX', KEYS[1], ARGV[1]) == 1 then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
`;

export const client = await createClient({
  url: process.env.REDIS_URL,
  scripts: {
    hold: defineScript({
      NUMBER_OF_KEYS: 1,
      SCRIPT: HOLD,
      transformArguments: (key, who, ms) => [key, who, String(ms)],
      transformReply: (reply) => reply === 1,
    }),
  },
})
  .on("error", (error) => console.error("redis", error))
  .connect();
