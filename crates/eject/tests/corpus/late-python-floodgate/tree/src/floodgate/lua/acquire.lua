-- KEYS[1]: the sorted set; ARGV: limit, window in seconds, cost
local limit = tonumber(ARGV[1])
local window = tonumber(ARGV[2]) * 1000
local cost = tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local used = tonumber(redis.call('ZCARD', KEYS[1]))
if used + cost > limit then
  return {-1, tostring(window)}
end
for i = 1, cost do
  redis.call('ZADD', KEYS[1], now, now .. ':' .. i)
end
redis.call('PEXPIRE', KEYS[1], window)
return {limit - used - cost, tostring(window)}
