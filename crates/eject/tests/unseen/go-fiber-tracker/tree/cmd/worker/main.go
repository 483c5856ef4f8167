package main

import (
	"log"

	"github.com/hibiken/asynq"

	"gitlab.example.com/fleet/tracker/internal/config"
	"gitlab.example.com/fleet/tracker/internal/tasks"
)

func main() {
	cfg := config.MustWorker()
	opt := asynq.RedisClientOpt{Addr: cfg.Redis, DB: cfg.DB}

	scheduler := asynq.NewScheduler(opt, nil)
	if _, err := scheduler.Register("@every 15m", asynq.NewTask(tasks.TypePrune, nil), asynq.Queue("low")); err != nil {
		log.Fatal(err)
	}
	if err := scheduler.Start(); err != nil {
		log.Fatal(err)
	}

	srv := asynq.NewServer(opt, asynq.Config{
		Concurrency: cfg.Concurrency,
		Queues:      map[string]int{"critical": 6, "default": 3, "low": 1},
	})
	mux := asynq.NewServeMux()
	mux.HandleFunc(tasks.TypeReport, tasks.HandleReport)
	mux.HandleFunc(tasks.TypePrune, tasks.HandlePrune)
	if err := srv.Run(mux); err != nil {
		log.Fatal(err)
	}
}
