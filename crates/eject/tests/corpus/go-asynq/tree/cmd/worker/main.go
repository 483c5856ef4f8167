package main

import (
	"log"
	"os"

	"github.com/hibiken/asynq"

	"example.com/shop/internal/jobs"
)

func main() {
	server := asynq.NewServer(
		asynq.RedisClientOpt{Addr: os.Getenv("REDIS_ADDR"), Password: os.Getenv("REDIS_PASSWORD")},
		asynq.Config{Concurrency: 10},
	)
	mux := asynq.NewServeMux()
	mux.HandleFunc(jobs.TypeMail, jobs.HandleMail)
	if err := server.Run(mux); err != nil {
		log.Fatal(err)
	}
}
