// Package matching gives a driver to a ride, and to one only.
package matching

import (
	"context"
	"errors"
	"time"

	"github.com/go-redsync/redsync/v4"
	"github.com/go-redsync/redsync/v4/redis/goredis/v9"
	"github.com/redis/go-redis/v9"
)

// ErrTaken is when the driver is on the way to somebody else.
var ErrTaken = errors.New("taken")

// Matching claims drivers.
type Matching struct {
	rs *redsync.Redsync
}

// New makes it.
func New(rdb redis.UniversalClient) *Matching {
	return &Matching{rs: redsync.New(goredis.NewPool(rdb))}
}

// Claim runs do while the driver is ours.
func (m *Matching) Claim(ctx context.Context, driver string, do func(context.Context) error) error {
	mutex := m.rs.NewMutex("claim:"+driver, redsync.WithExpiry(8*time.Second))
	if err := mutex.TryLockContext(ctx); err != nil {
		return errors.Join(ErrTaken, err)
	}
	defer mutex.UnlockContext(ctx) //nolint:errcheck
	return do(ctx)
}
