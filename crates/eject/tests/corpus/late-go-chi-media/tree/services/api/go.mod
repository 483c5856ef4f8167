module example.com/media/api

go 1.23.2

require (
	cloud.google.com/go/pubsub v1.45.1
	example.com/media/kit v0.0.0-00010101000000-000000000000
	github.com/dgraph-io/ristretto v0.2.0
	github.com/go-chi/chi/v5 v5.1.0
	github.com/gocraft/work v0.5.1
	github.com/gomodule/redigo v1.9.2
	github.com/jackc/pgx/v5 v5.7.1
	github.com/redis/rueidis v1.0.52
	github.com/redis/rueidis/rueidislimiter v1.0.52
	golang.org/x/time v0.8.0
)

require (
	github.com/robfig/cron v1.2.0 // indirect
)

replace example.com/media/kit => ../../pkg/kit
