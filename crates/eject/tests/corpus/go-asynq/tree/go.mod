module example.com/shop

go 1.23

require (
	github.com/go-redsync/redsync/v4 v4.13.0
	github.com/gomodule/redigo v1.9.2
	github.com/hibiken/asynq v0.24.1
	github.com/jackc/pgx/v5 v5.6.0
	github.com/redis/go-redis/v9 v9.6.1
)

require (
	github.com/alicebob/miniredis/v2 v2.33.0 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/redis/go-redis/extra/redisotel/v9 v9.0.5 // indirect
)
