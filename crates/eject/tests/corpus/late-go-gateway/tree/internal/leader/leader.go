// Package leader lets one gateway of many refresh the certificates.
package leader

import (
	"context"
	"errors"
	"time"

	"github.com/go-redsync/redsync/v4"
	"github.com/go-redsync/redsync/v4/redis/goredis/v9"
	"github.com/redis/go-redis/v9"
)

// Leader runs work on one node.
type Leader struct {
	rs *redsync.Redsync
}

// New makes one.
func New(rdb redis.UniversalClient) *Leader {
	return &Leader{rs: redsync.New(goredis.NewPool(rdb))}
}

// Run does it if no other does.
func (l *Leader) Run(ctx context.Context, name string, work func(context.Context) error) error {
	mutex := l.rs.NewMutex(
		"leader:"+name,
		redsync.WithExpiry(30*time.Second),
		redsync.WithTries(1),
	)
	var taken *redsync.ErrTaken
	if err := mutex.LockContext(ctx); errors.As(err, &taken) {
		return nil
	} else if err != nil {
		return err
	}
	defer func() { _, _ = mutex.UnlockContext(ctx) }()
	return work(ctx)
}
