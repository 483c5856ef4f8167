package kv

import (
	"context"
	"encoding/json"
	"time"

	"github.com/redis/rueidis"
	"github.com/redis/rueidis/rueidisaside"
)

// Aside caches values of one type, and loads each only once among all servers.
type Aside[T any] struct {
	c   rueidisaside.CacheAsideClient
	ttl time.Duration
}

// NewAside connects on its own: rueidisaside needs its own invalidations.
func NewAside[T any](ttl time.Duration, addrs []string, password string) (*Aside[T], error) {
	c, err := rueidisaside.NewClient(rueidisaside.ClientOption{
		ClientOption: rueidis.ClientOption{InitAddress: addrs, Password: password},
		ClientTTL:    5 * time.Second,
	})
	if err != nil {
		return nil, err
	}
	return &Aside[T]{c: c, ttl: ttl}, nil
}

// Get loads what is not there.
func (a *Aside[T]) Get(ctx context.Context, key string, load func(context.Context) (T, error)) (v T, err error) {
	s, err := a.c.Get(ctx, a.ttl, key, func(ctx context.Context, _ string) (string, error) {
		v, err := load(ctx)
		if err != nil {
			return "", err
		}
		b, err := json.Marshal(v)
		return string(b), err
	})
	if err == nil {
		err = json.Unmarshal([]byte(s), &v)
	}
	return v, err
}
