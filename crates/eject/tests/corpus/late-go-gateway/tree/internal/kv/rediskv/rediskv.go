// Package rediskv is a kv.Store for many nodes.
package rediskv

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/extra/redisotel/v9"
	"github.com/redis/go-redis/v9"

	"github.com/northwind/gateway/internal/config"
	"github.com/northwind/gateway/internal/kv"
)

// Option changes how a store behaves.
type Option func(*Store)

// WithPrefix sets what each key begins with.
func WithPrefix(prefix string) Option { return func(s *Store) { s.prefix = prefix } }

// WithClient replaces the client.
func WithClient(rdb redis.UniversalClient) Option { return func(s *Store) { s.rdb = rdb } }

// Store keeps bytes in Redis.
type Store struct {
	rdb    redis.UniversalClient
	prefix string
}

var _ kv.Store = (*Store)(nil)

// NewClient connects.
func NewClient(c *config.Config) (redis.UniversalClient, error) {
	rdb := redis.NewUniversalClient(&redis.UniversalOptions{
		Addrs:    []string{c.Redis.Addr},
		Password: c.Redis.Password,
		DB:       c.Redis.DB,
		PoolSize: c.Redis.PoolSize,
	})
	if err := redisotel.InstrumentTracing(rdb); err != nil {
		return nil, fmt.Errorf("redis: tracing: %w", err)
	}
	return rdb, nil
}

// New makes one.
func New(rdb redis.UniversalClient, options ...Option) *Store {
	s := &Store{rdb: rdb, prefix: "gw:"}
	for _, option := range options {
		option(s)
	}
	return s
}

// Get is what a key holds.
func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	value, err := s.rdb.Get(ctx, s.prefix+key).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, kv.ErrMissing
	}
	return value, err
}

// Set stores.
func (s *Store) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	return s.rdb.Set(ctx, s.prefix+key, value, ttl).Err()
}

// Del forgets.
func (s *Store) Del(ctx context.Context, keys ...string) error {
	prefixed := make([]string, len(keys))
	for i, key := range keys {
		prefixed[i] = s.prefix + key
	}
	return s.rdb.Del(ctx, prefixed...).Err()
}

// Incr counts.
func (s *Store) Incr(ctx context.Context, key string) (int64, error) {
	var count *redis.IntCmd
	_, err := s.rdb.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
		count = pipe.Incr(ctx, s.prefix+key)
		pipe.Expire(ctx, s.prefix+key, time.Hour)
		return nil
	})
	if err != nil {
		return 0, err
	}
	return count.Val(), nil
}
