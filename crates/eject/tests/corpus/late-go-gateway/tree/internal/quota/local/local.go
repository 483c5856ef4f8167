// Package local limits a node by itself.
package local

import (
	"sync"

	"golang.org/x/time/rate"
)

// Limiter has a bucket for each key.
type Limiter struct {
	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

// Allow takes a token.
func (l *Limiter) Allow(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket, ok := l.buckets[key]
	if !ok {
		bucket = rate.NewLimiter(10, 20)
		l.buckets[key] = bucket
	}
	return bucket.Allow()
}
