package store

import (
	"context"
	"fmt"
	"time"

	"github.com/go-redis/cache/v9"
	"github.com/redis/go-redis/v9"

	"example.com/bookings/internal/config"
)

// NewRedis connects.
func NewRedis(c *config.Config) (*redis.Client, func(), error) {
	options, err := redis.ParseURL(c.Redis.URL)
	if err != nil {
		return nil, nil, fmt.Errorf("redis: %w", err)
	}
	rdb := redis.NewClient(options)
	return rdb, func() { _ = rdb.Close() }, nil
}

// Cached keeps values of one kind.
type Cached[K comparable, V any] struct {
	cache  *cache.Cache
	prefix string
}

// NewCached makes one.
func NewCached[K comparable, V any](rdb *redis.Client, prefix string) *Cached[K, V] {
	return &Cached[K, V]{cache: cache.New(&cache.Options{
		Redis:      rdb,
		LocalCache: cache.NewTinyLFU(1000, time.Minute),
	}), prefix: prefix}
}

// Get asks load only once for a key.
func (c *Cached[K, V]) Get(ctx context.Context, key K, load func(context.Context, K) (V, error)) (V, error) {
	var value V
	err := c.cache.Once(&cache.Item{
		Ctx:   ctx,
		Key:   c.key(key),
		Value: &value,
		TTL:   time.Hour,
		Do: func(*cache.Item) (any, error) {
			return load(ctx, key)
		},
	})
	return value, err
}

// Forget removes a key.
func (c *Cached[K, V]) Forget(ctx context.Context, key K) error {
	return c.cache.Delete(ctx, c.key(key))
}

func (c *Cached[K, V]) key(key K) string { return fmt.Sprintf("%s%v", c.prefix, key) }
