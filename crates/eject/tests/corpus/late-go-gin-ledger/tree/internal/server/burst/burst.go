// Package burst smooths what one replica takes.
package burst

import (
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"
)

type Limiter struct {
	mu      sync.Mutex
	clients map[string]*rate.Limiter
	rps     int
}

func New(rps int) *Limiter { return &Limiter{clients: map[string]*rate.Limiter{}, rps: rps} }

func (l *Limiter) get(key string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	lim, ok := l.clients[key]
	if !ok {
		lim = rate.NewLimiter(rate.Limit(l.rps), l.rps*2)
		l.clients[key] = lim
	}
	return lim
}

func (l *Limiter) Handler(c *gin.Context) {
	if !l.get(c.ClientIP()).Allow() {
		c.AbortWithStatus(http.StatusTooManyRequests)
		return
	}
	c.Next()
}
