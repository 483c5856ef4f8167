package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/kestrelpay/payments/internal/fx"
	"github.com/kestrelpay/payments/internal/httpapi"
	"github.com/kestrelpay/payments/internal/notify"
	"github.com/kestrelpay/payments/internal/platform/config"
	"github.com/kestrelpay/payments/internal/platform/pg"
	"github.com/kestrelpay/payments/internal/platform/redisx"
	"github.com/kestrelpay/payments/internal/risk"
	"github.com/kestrelpay/payments/internal/settlement"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	var cfg config.Gateway
	config.MustParse(&cfg)

	shared, err := redisx.Open(ctx, redisx.FromConfig(cfg.Redis), redisx.WithName("gateway"))
	if err != nil {
		slog.Error("open store", "err", err)
		os.Exit(1)
	}
	defer shared.Close()

	rates, err := fx.NewRates(cfg.FX.Addr, cfg.FX.Password)
	if err != nil {
		slog.Error("fx", "err", err)
		os.Exit(1)
	}
	defer rates.Close()

	db := pg.MustOpen(ctx, cfg.DatabaseURL)
	defer db.Close()

	srv := httpapi.New(httpapi.Deps{
		DB:         db,
		Redis:      shared,
		Rates:      rates,
		Velocity:   risk.NewVelocity(cfg.RiskRedisURL),
		Settlement: settlement.NewProducer(cfg.Redis),
		Hub:        notify.NewHub(shared),
	})
	go func() {
		if err := srv.Start(cfg.Listen); err != nil && !errors.Is(err, http.ErrServerClosed) {
			slog.Error("listen", "err", err)
			stop()
		}
	}()
	<-ctx.Done()
	grace, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	_ = srv.Shutdown(grace)
}
