module example.com/bookings

go 1.23

require (
	github.com/alexedwards/scs/goredisstore v0.0.0-20240316134038-7e11d57e8885
	github.com/alexedwards/scs/v2 v2.8.0
	github.com/go-chi/chi/v5 v5.2.0
	github.com/go-redis/cache/v9 v9.0.0
	github.com/go-redis/redismock/v9 v9.2.0
	github.com/gocraft/work v0.5.1
	github.com/golang/groupcache v0.0.0-20241129210726-2c02b8208cf8
	github.com/gomodule/redigo v1.9.2
	github.com/google/wire v0.6.0
	github.com/pelletier/go-toml/v2 v2.2.3
	github.com/redis/go-redis/v9 v9.7.0
	github.com/redis/rueidis v1.0.52
	github.com/ulule/limiter/v3 v3.11.2
	github.com/vmihailenco/taskq/v3 v3.2.9
	golang.org/x/time v0.8.0
)

require (
	github.com/bsm/redislock v0.9.4 // indirect
	github.com/robfig/cron v1.2.0 // indirect
)
