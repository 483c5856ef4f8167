package redisx

import (
	"context"
	"log/slog"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
)

// slowLog tells of commands that took long. Their arguments hold card data and stay out.
type slowLog struct{ over time.Duration }

func (slowLog) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		return next(ctx, network, addr)
	}
}

func (h slowLog) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		start := time.Now()
		err := next(ctx, cmd)
		if took := time.Since(start); took > h.over {
			slog.WarnContext(ctx, "slow redis command", "cmd", cmd.Name(), "took", took)
		}
		return err
	}
}

func (slowLog) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook { return next }
