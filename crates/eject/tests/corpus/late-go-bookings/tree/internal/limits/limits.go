package limits

import (
	"net/http"

	"github.com/redis/go-redis/v9"
	"github.com/ulule/limiter/v3"
	"github.com/ulule/limiter/v3/drivers/middleware/stdlib"
	sredis "github.com/ulule/limiter/v3/drivers/store/redis"
)

// Global counts for all servers together.
func Global(rdb *redis.Client) (func(http.Handler) http.Handler, error) {
	rate, err := limiter.NewRateFromFormatted("1000-H")
	if err != nil {
		return nil, err
	}
	s, err := sredis.NewStoreWithOptions(rdb, limiter.StoreOptions{Prefix: "limit", MaxRetry: 3})
	if err != nil {
		return nil, err
	}
	return stdlib.NewMiddleware(limiter.New(s, rate)).Handler, nil
}
