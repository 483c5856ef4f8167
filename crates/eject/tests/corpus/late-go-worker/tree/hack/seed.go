//go:build ignore

// Fills a queue by hand: go run hack/seed.go
package main

import (
	"log"

	"github.com/hibiken/asynq"

	"git.example.org/media/transcoder/internal/tasks"
)

func main() {
	client := asynq.NewClient(asynq.RedisClientOpt{Addr: "localhost:6379"})
	defer client.Close()
	task, err := tasks.NewTranscode("demo.mp4", "720p")
	if err != nil {
		log.Fatal(err)
	}
	info, err := client.Enqueue(task, asynq.Queue("low"))
	log.Println(info, err)
}
