package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/time/rate"

	"github.com/kestrelpay/payments/internal/fx"
	"github.com/kestrelpay/payments/internal/idempotency"
	"github.com/kestrelpay/payments/internal/notify"
	"github.com/kestrelpay/payments/internal/platform/redisx"
	"github.com/kestrelpay/payments/internal/risk"
	"github.com/kestrelpay/payments/internal/settlement"
)

// Deps are injected by main.
type Deps struct {
	DB         *pgxpool.Pool
	Redis      *redisx.Client
	Rates      *fx.Rates
	Velocity   *risk.Velocity
	Settlement *settlement.Producer
	Hub        *notify.Hub
}

type server struct {
	*echo.Echo
	Deps
	idem idempotency.Store
}

// New has all routes.
func New(d Deps) *echo.Echo {
	e := echo.New()
	e.HideBanner = true
	s := &server{Echo: e, Deps: d, idem: idempotency.New(d.Redis, d.Redis.Key)}

	e.Use(middleware.RequestID(), middleware.Recover())
	// The status page is asked by everybody, each pod limits it alone.
	status := middleware.RateLimiter(middleware.NewRateLimiterMemoryStoreWithConfig(
		middleware.RateLimiterMemoryStoreConfig{Rate: rate.Limit(2), Burst: 5, ExpiresIn: 3 * time.Minute},
	))
	e.GET("/status", s.status, status)

	v1 := e.Group("/v1", perMerchant(d.Redis, 50))
	v1.POST("/payments", s.createPayment, s.idempotent)
	v1.POST("/payments/:id/challenge", s.startChallenge)
	v1.PUT("/payments/:id/challenge", s.answerChallenge)
	v1.GET("/events", s.events)
	return e
}

func (s *server) status(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), time.Second)
	defer cancel()
	out := map[string]string{"postgres": "up", "redis": "up"}
	if err := s.DB.Ping(ctx); err != nil {
		out["postgres"] = "down"
	}
	if err := s.Redis.Ping(ctx).Err(); err != nil {
		out["redis"] = "down"
	}
	return c.JSON(http.StatusOK, out)
}

func (s *server) idempotent(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		key := c.Request().Header.Get("Idempotency-Key")
		if key == "" {
			return next(c)
		}
		ctx := c.Request().Context()
		was, err := s.idem.Begin(ctx, merchant(c)+"/"+key)
		if err != nil {
			return echo.NewHTTPError(http.StatusConflict, err.Error())
		}
		if was != nil {
			return c.JSONBlob(was.Status, was.Body)
		}
		if err := next(c); err != nil {
			_ = s.idem.Abandon(ctx, merchant(c)+"/"+key)
			return err
		}
		return nil
	}
}

func merchant(c echo.Context) string { return c.Request().Header.Get("X-Merchant") }
