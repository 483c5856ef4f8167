// Package memkv is a kv.Store for a single node.
package memkv

import (
	"context"
	"time"

	lru "github.com/hashicorp/golang-lru/v2/expirable"

	"github.com/northwind/gateway/internal/kv"
)

type store struct {
	client *lru.LRU[string, []byte]
	counts map[string]int64
}

// New makes one of at most size keys.
func New(size int) kv.Store {
	return &store{client: lru.NewLRU[string, []byte](size, nil, time.Minute), counts: map[string]int64{}}
}

func (s *store) Get(_ context.Context, key string) ([]byte, error) {
	value, ok := s.client.Get(key)
	if !ok {
		return nil, kv.ErrMissing
	}
	return value, nil
}

func (s *store) Set(_ context.Context, key string, value []byte, _ time.Duration) error {
	s.client.Add(key, value)
	return nil
}

func (s *store) Del(_ context.Context, keys ...string) error {
	for _, key := range keys {
		s.client.Remove(key)
	}
	return nil
}

func (s *store) Incr(_ context.Context, key string) (int64, error) {
	s.counts[key]++
	return s.counts[key], nil
}
