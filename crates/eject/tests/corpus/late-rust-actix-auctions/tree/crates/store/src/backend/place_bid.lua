-- KEYS: the lot, its bids; ARGV: the bidder, the cents
local reserve = tonumber(redis.call('HGET', KEYS[1], 'reserve'))
if not reserve then
  return { -1, 0, false }
end
local top = redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')
local floor = top[2] and tonumber(top[2]) + 1 or reserve
local cents = tonumber(ARGV[2])
if cents < floor then
  return { 0, floor, false }
end
redis.call('ZADD', KEYS[2], cents, ARGV[1])
redis.call('PUBLISH', 'bids', KEYS[1] .. ' ' .. ARGV[2])
return { 1, cents, top[1] or false }
