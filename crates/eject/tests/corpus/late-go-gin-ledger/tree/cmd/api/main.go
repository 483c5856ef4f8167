package main

import (
	"errors"
	"log"
	"net/http"
	"os"

	"github.com/northbeam/ledger/internal/config"
)

func main() {
	cfg, err := config.Load(dir())
	if err != nil {
		log.Fatal(err)
	}
	engine, cleanup, err := initialize(cfg)
	if err != nil {
		log.Fatal(err)
	}
	defer cleanup()

	srv := &http.Server{Addr: cfg.HTTP.Addr, Handler: engine, ReadTimeout: cfg.HTTP.ReadTimeout}
	if err := srv.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Print(err)
	}
}

func dir() string {
	if d := os.Getenv("LEDGER_CONFIG_DIR"); d != "" {
		return d
	}
	return "config"
}
