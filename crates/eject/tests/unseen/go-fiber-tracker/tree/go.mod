module gitlab.example.com/fleet/tracker

go 1.22

require (
	github.com/alicebob/miniredis/v2 v2.33.0
	github.com/go-redis/redis/v8 v8.11.5
	github.com/go-redsync/redsync/v4 v4.13.0
	github.com/gofiber/contrib/websocket v1.3.2
	github.com/gofiber/fiber/v2 v2.52.5
	github.com/gofiber/storage/redis/v3 v3.1.2
	github.com/golang-migrate/migrate/v4 v4.18.1
	github.com/hibiken/asynq v0.24.1
	github.com/jackc/pgx/v5 v5.7.1
	github.com/kelseyhightower/envconfig v1.4.0
	github.com/nats-io/nats.go v1.37.0
	github.com/patrickmn/go-cache v2.1.0+incompatible
	github.com/redis/go-redis/v9 v9.6.1
	github.com/spf13/viper v1.19.0
	golang.org/x/time v0.7.0
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/dgryski/go-rendezvous v0.0.0-20200823014737-9f7001d12a5f // indirect
	github.com/hashicorp/go-multierror v1.1.1 // indirect
	github.com/robfig/cron/v3 v3.0.1 // indirect
)
