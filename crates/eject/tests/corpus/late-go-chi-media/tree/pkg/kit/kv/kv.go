// Package kv is a small view of the store: services see interfaces only.
package kv

import (
	"context"
	"errors"
	"time"
)

// ErrMissing is of a key that is not there.
var ErrMissing = errors.New("kv: missing")

// Reader reads.
type Reader interface {
	Get(ctx context.Context, key string) (string, error)
}

// Writer writes.
type Writer interface {
	Set(ctx context.Context, key, value string, ttl time.Duration) error
	Del(ctx context.Context, keys ...string) error
}

// Store does both.
type Store interface {
	Reader
	Writer
	Close()
}

// Options are of a store.
type Options struct {
	addrs    []string
	password string
	prefix   string
	localTTL time.Duration
}

// Option changes one.
type Option func(*Options)

// WithAddrs says where.
func WithAddrs(addrs ...string) Option { return func(o *Options) { o.addrs = addrs } }

// WithPassword says by what.
func WithPassword(p string) Option { return func(o *Options) { o.password = p } }

// WithPrefix is before each key.
func WithPrefix(p string) Option { return func(o *Options) { o.prefix = p } }

// WithLocalTTL keeps what was read in this process, too.
func WithLocalTTL(d time.Duration) Option { return func(o *Options) { o.localTTL = d } }
