// Package quota says how much a tenant may ask for.
package quota

import (
	"context"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
)

// Quota counts the requests of tenants.
type Quota struct {
	limiter *redis_rate.Limiter
	limit   redis_rate.Limit
}

// New makes one.
func New(rdb redis.UniversalClient, perMinute, burst int) *Quota {
	limit := redis_rate.PerMinute(perMinute)
	limit.Burst = burst
	return &Quota{limiter: redis_rate.NewLimiter(rdb), limit: limit}
}

// Take says how long a tenant has to wait.
func (q *Quota) Take(ctx context.Context, tenant string) (time.Duration, error) {
	result, err := q.limiter.Allow(ctx, "quota:"+tenant, q.limit)
	if err != nil {
		return 0, err
	}
	if result.Allowed > 0 {
		return 0, nil
	}
	return result.RetryAfter, nil
}

// Reset forgives.
func (q *Quota) Reset(ctx context.Context, tenant string) error {
	return q.limiter.Reset(ctx, "quota:"+tenant)
}
