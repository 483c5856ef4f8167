package store

import (
	"context"

	"github.com/go-redsync/redsync/v4"
	"github.com/go-redsync/redsync/v4/redis/goredis/v9"
)

// Locked runs work alone.
func Locked(ctx context.Context, client *Client, name string, work func() error) error {
	mutex := redsync.New(goredis.NewPool(client)).NewMutex(name)
	if err := mutex.LockContext(ctx); err != nil {
		return err
	}
	defer mutex.UnlockContext(ctx)
	return work()
}
