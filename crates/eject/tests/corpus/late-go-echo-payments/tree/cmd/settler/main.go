package main

import (
	"log"

	"github.com/kestrelpay/payments/internal/dunning"
	"github.com/kestrelpay/payments/internal/platform/config"
	"github.com/kestrelpay/payments/internal/settlement"
)

func main() {
	var cfg config.Settler
	config.MustParse(&cfg)

	reminders, err := dunning.New(cfg.DunningBroker)
	if err != nil {
		log.Fatalf("dunning: %v", err)
	}
	go func() { log.Fatal(reminders.Work("settler", 4)) }()

	if err := settlement.Run(cfg.Redis, cfg.Concurrency, reminders); err != nil {
		log.Fatal(err)
	}
}
