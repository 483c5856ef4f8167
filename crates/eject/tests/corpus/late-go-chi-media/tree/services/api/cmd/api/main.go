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

	"cloud.google.com/go/pubsub"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/media/api/internal/httpapi"
	"example.com/media/api/internal/jobs"
	"example.com/media/api/internal/media"
	"example.com/media/kit/config"
	"example.com/media/kit/kv"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, config.Load()); err != nil {
		slog.Error("api", "error", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, cfg config.Config) error {
	store, err := kv.Dial(kv.WithAddrs(cfg.RedisAddrs...), kv.WithPassword(cfg.RedisPass), kv.WithPrefix("media:"))
	if err != nil {
		return errors.Join(errors.New("redis is not there"), err)
	}
	defer store.Close()
	db, err := pgxpool.New(ctx, cfg.DatabaseURL)
	if err != nil {
		return err
	}
	defer db.Close()
	events, err := pubsub.NewClient(ctx, pubsub.DetectProjectID)
	if err != nil {
		return err
	}
	assets, err := kv.NewAside[media.Asset](cfg.CacheTTL, cfg.RedisAddrs, cfg.RedisPass)
	if err != nil {
		return err
	}

	svc := media.New(db, assets, store, jobs.New(os.Getenv("JOBS_REDIS_URL")), events.Topic(cfg.Topic))
	handler, err := httpapi.Router(svc, store, cfg)
	if err != nil {
		return err
	}
	srv := &http.Server{Addr: cfg.Listen, Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = srv.Shutdown(context.WithoutCancel(ctx))
	}()
	return srv.ListenAndServe()
}
