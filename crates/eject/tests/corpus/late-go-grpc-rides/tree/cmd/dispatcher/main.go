// Command dispatcher does what need not be done at once.
package main

import (
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/hibiken/asynq"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/hailme/rides/internal/config"
	"github.com/hailme/rides/internal/jobs"
)

func main() {
	c := env.Must(env.ParseAs[config.Config]())
	db, err := pgxpool.New(context.Background(), c.DatabaseURL)
	if err != nil {
		fail(err)
	}
	defer db.Close()

	opt, err := asynq.ParseRedisURI(c.QueueURI)
	if err != nil {
		fail(err)
	}
	srv := asynq.NewServer(opt, asynq.Config{
		Concurrency:     c.Workers,
		Queues:          map[string]int{"receipts": 1, "push": 5},
		ShutdownTimeout: 20 * time.Second,
	})
	mux := asynq.NewServeMux()
	mux.Handle(jobs.TypeReceipt, jobs.Receipts{DB: db})
	mux.HandleFunc(jobs.TypePush, jobs.Push)
	if err := srv.Run(mux); err != nil {
		fail(err)
	}
}

func fail(err error) {
	slog.Error("dispatcher stops", "error", err, "hint", "is Redis up?")
	os.Exit(1)
}
