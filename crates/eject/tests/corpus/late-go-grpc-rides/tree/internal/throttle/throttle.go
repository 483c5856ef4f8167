// Package throttle turns callers away that come too often.
package throttle

import (
	"context"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Throttle is an interceptor.
type Throttle struct {
	limiter *redis_rate.Limiter
	rate    redis_rate.Limit
}

// New allows two requests in a second, and ten at once.
func New(rdb redis.UniversalClient) *Throttle {
	return &Throttle{limiter: redis_rate.NewLimiter(rdb), rate: redis_rate.Limit{Rate: 2, Burst: 10, Period: 1e9}}
}

// Unary is for calls that are no streams.
func (t *Throttle) Unary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	for _, device := range md.Get("x-device") {
		res, err := t.limiter.Allow(ctx, "throttle:"+device, t.rate)
		if err == nil && res.Allowed == 0 {
			return nil, status.Errorf(codes.ResourceExhausted, "again in %s", res.RetryAfter)
		}
	}
	return next(ctx, req)
}
