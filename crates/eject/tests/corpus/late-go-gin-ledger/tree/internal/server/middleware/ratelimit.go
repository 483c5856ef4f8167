package middleware

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"

	"github.com/northbeam/ledger/internal/config"
)

// RateLimit counts requests of a client over all replicas.
func RateLimit(rdb redis.UniversalClient, cfg *config.Config) gin.HandlerFunc {
	limiter := redis_rate.NewLimiter(rdb)
	limit := redis_rate.PerMinute(cfg.Limits.PerMinute)

	return func(c *gin.Context) {
		res, err := limiter.Allow(c, "client:"+c.ClientIP(), limit)
		if err != nil {
			// Fail open.
			c.Next()
			return
		}
		c.Header("X-RateLimit-Remaining", strconv.Itoa(res.Remaining))
		if res.Allowed == 0 {
			c.Header("Retry-After", strconv.Itoa(int(res.RetryAfter.Seconds())))
			c.AbortWithStatus(http.StatusTooManyRequests)
			return
		}
		c.Next()
	}
}
