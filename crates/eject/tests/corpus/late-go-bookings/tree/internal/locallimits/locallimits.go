// Package locallimits counts on this server alone.
package locallimits

import (
	"net/http"

	"github.com/ulule/limiter/v3"
	"github.com/ulule/limiter/v3/drivers/middleware/stdlib"
	"github.com/ulule/limiter/v3/drivers/store/memory"
	"golang.org/x/time/rate"
)

// Login is strict, and needs no Redis.
func Login() func(http.Handler) http.Handler {
	store := memory.NewStore()
	return stdlib.NewMiddleware(limiter.New(store, limiter.Rate{Limit: 5, Period: 60_000_000_000})).Handler
}

// Outgoing are requests to the bank.
var Outgoing = rate.NewLimiter(10, 20)
