// Package pool has connections of redigo.
package pool

import (
	"context"
	"time"

	"github.com/gomodule/redigo/redis"
)

// Pool is the one of redigo with what we need of it.
type Pool struct{ *redis.Pool }

// Option changes the pool.
type Option func(*redis.Pool)

// WithMaxActive limits.
func WithMaxActive(n int) Option { return func(p *redis.Pool) { p.MaxActive = n } }

// New dials when somebody asks.
func New(url string, opts ...Option) *Pool {
	p := &redis.Pool{
		MaxIdle: 3,
		Wait:    true,
		DialContext: func(ctx context.Context) (redis.Conn, error) {
			return redis.DialURLContext(ctx, url, redis.DialReadTimeout(10*time.Second))
		},
	}
	for _, opt := range opts {
		opt(p)
	}
	return &Pool{p}
}

// With lends a connection.
func (p *Pool) With(f func(redis.Conn) error) error {
	conn := p.Get()
	defer conn.Close()
	return f(conn)
}
