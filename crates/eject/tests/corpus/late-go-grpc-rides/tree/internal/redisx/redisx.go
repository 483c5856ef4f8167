// Package redisx makes the one client that the server has.
package redisx

import (
	"context"
	"log/slog"

	"github.com/redis/go-redis/v9"
	"go.uber.org/fx"

	"github.com/hailme/rides/internal/config"
)

// Module provides the client.
var Module = fx.Module("redis", fx.Provide(open))

func open(lc fx.Lifecycle, c config.Config) redis.UniversalClient {
	rdb := redis.NewUniversalClient(&redis.UniversalOptions{
		Addrs:      c.RedisAddrs,
		Password:   c.RedisPassword,
		ClientName: "rides",
	})
	rdb.AddHook(slow{})
	lc.Append(fx.Hook{
		OnStart: func(ctx context.Context) error { return rdb.Ping(ctx).Err() },
		OnStop:  func(context.Context) error { return rdb.Close() },
	})
	return rdb
}

type slow struct{}

func (slow) DialHook(next redis.DialHook) redis.DialHook { return next }

func (slow) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		if err != nil && err != redis.Nil {
			slog.WarnContext(ctx, "redis", "command", cmd.Name(), "error", err)
		}
		return err
	}
}

func (slow) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook { return next }
