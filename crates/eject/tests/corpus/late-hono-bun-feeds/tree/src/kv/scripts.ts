import { type CommandParser, defineScript } from "redis";

const SCRIPT = `
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local now = tonumber(ARGV[3])
local tokens = tonumber(bucket[1]) or tonumber(ARGV[1])
local elapsed = math.max(0, now - (tonumber(bucket[2]) or now))
tokens = math.min(tonumber(ARGV[1]), tokens + elapsed * tonumber(ARGV[2]))
local allowed = tokens >= tonumber(ARGV[4])
if allowed then tokens = tokens - tonumber(ARGV[4]) end
redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now)
redis.call('PEXPIRE', KEYS[1], 3600000)
return { allowed and 1 or 0, math.floor(tokens) }
`;

export const takeTokens = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT,
  parseCommand(parser: CommandParser, key: string, size: number, perMs: number, cost: number) {
    parser.pushKey(key);
    parser.push(String(size), String(perMs), String(Date.now()), String(cost));
  },
  transformReply: ([allowed, left]: [number, number]) => ({ allowed: allowed === 1, left }),
});
