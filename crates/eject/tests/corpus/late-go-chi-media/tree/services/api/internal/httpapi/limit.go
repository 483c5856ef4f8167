package httpapi

import (
	"net"
	"net/http"
	"time"

	"github.com/redis/rueidis"
	"github.com/redis/rueidis/rueidislimiter"
)

func perClient(addrs []string, password string) (func(http.Handler) http.Handler, error) {
	limiter, err := rueidislimiter.NewRateLimiter(rueidislimiter.RateLimiterOption{
		ClientOption: rueidis.ClientOption{InitAddress: addrs, Password: password},
		KeyPrefix:    "limit",
		Limit:        120,
		Window:       time.Minute,
	})
	if err != nil {
		return nil, err
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			host, _, _ := net.SplitHostPort(r.RemoteAddr)
			result, err := limiter.Allow(r.Context(), host)
			if err == nil && !result.Allowed {
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			next.ServeHTTP(w, r)
		})
	}, nil
}
