module git.example.org/media/transcoder

go 1.22

require (
	github.com/RichardKnop/machinery/v2 v2.0.13
	github.com/gomodule/redigo v1.9.2
	github.com/hibiken/asynq v0.25.0
	github.com/hibiken/asynqmon v0.7.2
	github.com/prometheus/client_golang v1.20.3
	github.com/redis/rueidis v1.0.47
	github.com/riverqueue/river v0.11.4
	github.com/spf13/cobra v1.8.1
)

require (
	github.com/go-redsync/redsync/v4 v4.8.1 // indirect
	github.com/redis/go-redis/v9 v9.6.1 // indirect
	github.com/robfig/cron/v3 v3.0.1 // indirect
)
