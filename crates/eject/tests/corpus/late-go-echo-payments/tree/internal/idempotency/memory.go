package idempotency

import (
	"context"

	lru "github.com/hashicorp/golang-lru/v2/expirable"
)

// Memory is for one process: the sandbox has no other.
type Memory struct{ seen *lru.LRU[string, Response] }

// NewMemory holds a thousand.
func NewMemory() *Memory { return &Memory{lru.NewLRU[string, Response](1000, nil, keep)} }

func (m *Memory) Begin(_ context.Context, key string) (*Response, error) {
	if r, ok := m.seen.Get(key); ok {
		return &r, nil
	}
	return nil, nil
}

func (m *Memory) Finish(_ context.Context, key string, r Response) error {
	m.seen.Add(key, r)
	return nil
}

func (m *Memory) Abandon(_ context.Context, key string) error {
	m.seen.Remove(key)
	return nil
}
