package redisx

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/wire"
	"github.com/redis/go-redis/v9"

	"github.com/northbeam/ledger/internal/config"
)

var ProviderSet = wire.NewSet(NewClient, NewLocker)

// NewClient gives a cluster client in production and a simple one everywhere else.
func NewClient(cfg *config.Config) (redis.UniversalClient, func(), error) {
	opts := &redis.UniversalOptions{
		Addrs:          cfg.Redis.Addrs,
		Username:       cfg.Redis.Username,
		Password:       cfg.Redis.Password,
		PoolSize:       cfg.Redis.PoolSize,
		RouteByLatency: cfg.Redis.RouteByLatency,
		MaxRetries:     3,
	}
	if cfg.Redis.TLS {
		opts.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}

	var rdb redis.UniversalClient
	if cfg.Redis.Cluster {
		rdb = redis.NewClusterClient(opts.Cluster())
	} else {
		opts.DB = cfg.Redis.DB
		rdb = redis.NewUniversalClient(opts)
	}

	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, nil, fmt.Errorf("redis: ping: %w", err)
	}
	slog.Info("connected to redis", "addrs", cfg.Redis.Addrs)

	cleanup := func() {
		if err := rdb.Close(); err != nil {
			slog.Error("close redis", "err", err)
		}
	}
	return rdb, cleanup, nil
}
