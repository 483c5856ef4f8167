package redisx

import (
	"context"
	"errors"
	"time"

	"github.com/go-redsync/redsync/v4"
	"github.com/go-redsync/redsync/v4/redis/goredis/v9"
	"github.com/redis/go-redis/v9"
)

var ErrBusy = errors.New("busy")

// Locker is what services need of redsync.
type Locker struct {
	rs *redsync.Redsync
}

func NewLocker(rdb redis.UniversalClient) *Locker {
	return &Locker{rs: redsync.New(goredis.NewPool(rdb))}
}

// With runs fn while it holds the lock.
func (l *Locker) With(ctx context.Context, name string, ttl time.Duration, fn func(context.Context) error) error {
	m := l.rs.NewMutex("lock:"+name,
		redsync.WithExpiry(ttl),
		redsync.WithTries(8),
		redsync.WithRetryDelay(75*time.Millisecond),
	)
	if err := m.LockContext(ctx); err != nil {
		var taken *redsync.ErrTaken
		if errors.As(err, &taken) {
			return ErrBusy
		}
		return err
	}
	defer func() {
		_, _ = m.UnlockContext(context.WithoutCancel(ctx))
	}()
	return fn(ctx)
}
