local redis = require "resty.redis"

local red = redis:new()
red:set_timeouts(100, 100, 100)
local ok, err = red:connect(os.getenv("REDIS_HOST"), 6379)
if not ok then
  ngx.log(ngx.ERR, "redis: ", err)
  return
end

local count = red:incr("limit:" .. ngx.var.remote_addr)
if count > 100 then
  return ngx.exit(429)
end
red:set_keepalive(10000, 100)
