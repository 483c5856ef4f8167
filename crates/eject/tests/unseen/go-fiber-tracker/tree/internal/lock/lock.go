package lock

import (
	"context"
	"time"

	"github.com/go-redsync/redsync/v4"
	"github.com/go-redsync/redsync/v4/redis/goredis/v9"
	"github.com/redis/go-redis/v9"
)

// Locker lets one do it.
type Locker struct{ rs *redsync.Redsync }

// New makes one.
func New(rdb redis.UniversalClient) *Locker {
	return &Locker{rs: redsync.New(goredis.NewPool(rdb))}
}

// With runs f while nobody else does.
func (l *Locker) With(ctx context.Context, name string, f func() error) error {
	mutex := l.rs.NewMutex("lock:"+name, redsync.WithExpiry(20*time.Second), redsync.WithTries(3))
	if err := mutex.LockContext(ctx); err != nil {
		return err
	}
	defer func() { _, _ = mutex.UnlockContext(ctx) }()
	return f()
}
