// Package kv says what the gateway asks of a store of keys.
package kv

import (
	"context"
	"errors"
	"time"
)

// ErrMissing says that a key is not there, in Redis or elsewhere.
var ErrMissing = errors.New("kv: missing")

// Store keeps bytes under keys.
type Store interface {
	Get(ctx context.Context, key string) ([]byte, error)
	Set(ctx context.Context, key string, value []byte, ttl time.Duration) error
	Del(ctx context.Context, keys ...string) error
	Incr(ctx context.Context, key string) (int64, error)
}
