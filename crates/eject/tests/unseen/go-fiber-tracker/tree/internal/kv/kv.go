// Package kv connects to Redis and keeps what is of no other package.
package kv

import (
	"context"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"

	"gitlab.example.com/fleet/tracker/internal/config"
)

// MustConnect waits until there is a server.
func MustConnect(ctx context.Context, c *config.Config) redis.UniversalClient {
	rdb := redis.NewUniversalClient(&redis.UniversalOptions{
		Addrs:    []string{c.Redis.Addr},
		Password: c.Redis.Password,
		DB:       c.Redis.DB,
		PoolSize: c.Redis.PoolSize,
	})
	for i := 0; ; i++ {
		err := rdb.Ping(ctx).Err()
		if err == nil {
			return rdb
		}
		if i == 10 {
			panic("no redis: " + err.Error())
		}
		slog.Warn("waiting for redis", "err", err)
		time.Sleep(time.Second)
	}
}
