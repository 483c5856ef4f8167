-- KEYS[1] stock of a SKU, ARGV[1] how many
local left = tonumber(redis.call('GET', KEYS[1]) or '0')
local want = tonumber(ARGV[1])
if left < want then
  return -1
end
return redis.call('DECRBY', KEYS[1], want)
