module github.com/hailme/rides

go 1.23

require (
	github.com/caarlos0/env/v11 v11.3.1
	github.com/dgraph-io/ristretto/v2 v2.1.0
	github.com/go-redis/cache/v9 v9.0.0
	github.com/go-redis/redis_rate/v10 v10.0.1
	github.com/go-redsync/redsync/v4 v4.13.0
	github.com/gomodule/redigo v1.9.2
	github.com/hibiken/asynq v0.25.1
	github.com/jackc/pgx/v5 v5.7.2
	github.com/redis/go-redis/v9 v9.7.0
	go.uber.org/fx v1.23.0
	go.uber.org/mock v0.5.0
	google.golang.org/grpc v1.70.0
)

require github.com/alicebob/miniredis/v2 v2.34.0

require (
	github.com/dgryski/go-rendezvous v0.0.0-20200823014737-9f7001d12a5f // indirect
	github.com/vmihailenco/go-tinylfu v0.2.2 // indirect
	github.com/yuin/gopher-lua v1.1.1 // indirect
)
