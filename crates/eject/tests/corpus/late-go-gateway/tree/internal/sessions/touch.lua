local user = redis.call("HGET", KEYS[1], "sub")
if user then
  redis.call("EXPIRE", KEYS[1], ARGV[1])
end
return user
