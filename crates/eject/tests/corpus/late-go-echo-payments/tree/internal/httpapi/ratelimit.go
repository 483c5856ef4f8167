package httpapi

import (
	"log/slog"
	"net/http"
	"strconv"

	"github.com/go-redis/redis_rate/v10"
	"github.com/labstack/echo/v4"

	"github.com/kestrelpay/payments/internal/platform/redisx"
)

func perMerchant(c *redisx.Client, perSecond int) echo.MiddlewareFunc {
	limiter := redis_rate.NewLimiter(c)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(ctx echo.Context) error {
			res, err := limiter.Allow(ctx.Request().Context(), c.Key("rl", merchant(ctx)), redis_rate.PerSecond(perSecond))
			if err != nil {
				slog.Warn("limiter is away, letting it pass", "err", err)
				return next(ctx)
			}
			ctx.Response().Header().Set("RateLimit-Remaining", strconv.Itoa(res.Remaining))
			if res.Allowed == 0 {
				return echo.NewHTTPError(http.StatusTooManyRequests)
			}
			return next(ctx)
		}
	}
}
