-- KEYS[1] the family, ARGV: token presented, token to come, ttl
local current = redis.call('HGET', KEYS[1], 'token')
if not current then return 0 end
if current ~= ARGV[1] then
  redis.call('DEL', KEYS[1])
  return -1
end
redis.call('HSET', KEYS[1], 'token', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
