// Package heatmap is older than the rest.
package heatmap

import (
	"context"
	"time"

	"github.com/gomodule/redigo/redis"
)

// NewPool makes a pool for the address.
func NewPool(address string) *redis.Pool {
	return &redis.Pool{
		MaxIdle:     2,
		IdleTimeout: time.Minute,
		DialContext: func(ctx context.Context) (redis.Conn, error) {
			return redis.DialContext(ctx, "tcp", address, redis.DialDatabase(3))
		},
	}
}

// Count adds one to each cell.
func Count(ctx context.Context, pool *redis.Pool, cells []string) error {
	conn, err := pool.GetContext(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	key := "heat:" + time.Now().UTC().Format("200601021504")
	for _, cell := range cells {
		if err := conn.Send("HINCRBY", key, cell, 1); err != nil {
			return err
		}
	}
	_, err = redis.DoContext(conn, ctx, "EXPIRE", key, 7200)
	return err
}
