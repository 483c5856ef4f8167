-- KEYS[1] bucket, ARGV: capacity, per second, cost, now in ms
local state = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local capacity, rate, cost, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local tokens = tonumber(state[1]) or capacity
tokens = math.min(capacity, tokens + (now - (tonumber(state[2]) or now)) * rate / 1000)
if tokens < cost then
  return { 0, math.ceil((cost - tokens) * 1000 / rate) }
end
redis.call('HSET', KEYS[1], 'tokens', tokens - cost, 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil(capacity * 1000 / rate))
return { 1, 0 }
