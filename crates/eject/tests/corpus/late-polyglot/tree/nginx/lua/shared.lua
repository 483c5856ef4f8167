local cache = ngx.shared.cache
local queue = {}

cache:incr("hits", 1, 0)
table.insert(queue, cache:get("hits"))
return queue
