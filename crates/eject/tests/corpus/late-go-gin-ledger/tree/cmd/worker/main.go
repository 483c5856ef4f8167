package main

import (
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/hibiken/asynq"

	"github.com/northbeam/ledger/internal/config"
	"github.com/northbeam/ledger/internal/platform/postgres"
	"github.com/northbeam/ledger/internal/tasks"
)

func main() {
	cfg, err := config.Load("config")
	if err != nil {
		log.Fatal(err)
	}
	pool, closePool, err := postgres.NewPool(cfg)
	if err != nil {
		log.Fatal(err)
	}
	defer closePool()

	opt, err := asynq.ParseRedisURI(cfg.Asynq.URI)
	if err != nil {
		log.Fatalf("asynq: %v", err)
	}

	scheduler := asynq.NewScheduler(opt, nil)
	if _, err := scheduler.Register("@every 15m", asynq.NewTask(tasks.TypeReconcile, nil), asynq.Queue("low")); err != nil {
		log.Fatal(err)
	}
	if err := scheduler.Start(); err != nil {
		log.Fatal(err)
	}
	defer scheduler.Shutdown()

	srv := asynq.NewServer(opt, asynq.Config{
		Concurrency: cfg.Asynq.Concurrency,
		Queues:      cfg.Asynq.Queues,
	})
	if err := srv.Start((&tasks.Handlers{Pool: pool}).Mux()); err != nil {
		log.Fatal(err)
	}

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	<-stop
	srv.Shutdown()
}
