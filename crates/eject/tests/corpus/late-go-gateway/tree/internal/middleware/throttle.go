package middleware

import (
	"net/http"
	"strconv"

	"github.com/northwind/gateway/internal/quota"
	"github.com/northwind/gateway/internal/quota/local"
)

// Throttle asks the node first, and then Redis.
func Throttle(node *local.Limiter, q *quota.Quota) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			tenant := r.Header.Get("X-Tenant")
			if !node.Allow(tenant) {
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			wait, err := q.Take(r.Context(), tenant)
			if err == nil && wait > 0 {
				w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())))
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
