package kv

import (
	"context"
	"sync"
	"time"
)

// Memory is a store for one process: for `-dev`, and for tests.
type Memory struct{ m sync.Map }

// Get reads.
func (m *Memory) Get(_ context.Context, key string) (string, error) {
	v, ok := m.m.Load(key)
	if !ok {
		return "", ErrMissing
	}
	return v.(string), nil
}

// Set ignores the time.
func (m *Memory) Set(_ context.Context, key, value string, _ time.Duration) error {
	m.m.Store(key, value)
	return nil
}

// Del removes.
func (m *Memory) Del(_ context.Context, keys ...string) error {
	for _, key := range keys {
		m.m.Delete(key)
	}
	return nil
}

// Close has nothing to do.
func (m *Memory) Close() {}
