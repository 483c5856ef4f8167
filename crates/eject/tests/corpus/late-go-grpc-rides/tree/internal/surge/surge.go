// Package surge was to raise fares by demand. Nothing uses it yet.
package surge

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// Factor is how much more a ride costs.
func Factor(ctx context.Context, rdb redis.Cmdable, cell string) (float64, error) {
	waiting, err := rdb.SCard(ctx, "waiting:"+cell).Result()
	if err != nil {
		return 1, err
	}
	return 1 + float64(waiting)/20, nil
}
