// Package redisx is how we talk to Redis: nobody else makes a go-redis client.
package redisx

import (
	"context"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Client is the universal one with our key prefix.
type Client struct {
	redis.UniversalClient
	prefix string
}

// Open connects and pings.
func Open(ctx context.Context, opts ...Option) (*Client, error) {
	s := settings{name: "payments"}
	for _, o := range opts {
		o(&s)
	}
	uc := redis.NewUniversalClient(&redis.UniversalOptions{
		Addrs:        s.addrs,
		Password:     s.password,
		DB:           s.db,
		ClientName:   s.name,
		TLSConfig:    s.tls,
		ReadTimeout:  s.timeout,
		WriteTimeout: s.timeout,
	})
	uc.AddHook(slowLog{over: s.timeout / 2})
	if err := uc.Ping(ctx).Err(); err != nil {
		_ = uc.Close()
		return nil, fmt.Errorf("redisx: %w", err)
	}
	return &Client{UniversalClient: uc, prefix: "pay"}, nil
}

// Key joins the parts below the prefix.
func (c *Client) Key(parts ...string) string {
	return c.prefix + ":" + strings.Join(parts, ":")
}
