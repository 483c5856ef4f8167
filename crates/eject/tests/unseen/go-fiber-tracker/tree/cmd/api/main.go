package main

import (
	"context"
	"log"

	"github.com/gofiber/fiber/v2"
	"github.com/nats-io/nats.go"

	"gitlab.example.com/fleet/tracker/internal/config"
	"gitlab.example.com/fleet/tracker/internal/ingest"
	"gitlab.example.com/fleet/tracker/internal/kv"
	"gitlab.example.com/fleet/tracker/internal/position"
	"gitlab.example.com/fleet/tracker/internal/tasks"
	"gitlab.example.com/fleet/tracker/internal/web"
)

func main() {
	ctx := context.Background()
	cfg, err := config.Load("config")
	if err != nil {
		log.Fatal(err)
	}
	rdb := kv.MustConnect(ctx, cfg)
	defer rdb.Close()

	positions, err := position.Open(cfg.Positions.URL, cfg.Positions.Keep)
	if err != nil {
		log.Fatalf("redis of positions: %v", err)
	}
	queue := tasks.NewClient(config.MustWorker())
	defer queue.Close()

	nc, err := nats.Connect(cfg.NATS.URL)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := ingest.Subscribe(nc, positions); err != nil {
		log.Fatal(err)
	}

	app := fiber.New(fiber.Config{AppName: "tracker"})
	web.Mount(app, cfg, rdb, positions, queue)
	log.Fatal(app.Listen(cfg.Listen))
}
