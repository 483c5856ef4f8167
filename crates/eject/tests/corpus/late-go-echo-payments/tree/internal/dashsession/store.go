// Package dashsession kept the logins of the dashboard until it moved to its own repository.
package dashsession

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// Store of logins.
type Store struct{ Rdb *redis.Client }

// Save one.
func (s Store) Save(ctx context.Context, sid string, data []byte) error {
	return s.Rdb.Set(ctx, "dash:sess:"+sid, data, 8*time.Hour).Err()
}

// Load one.
func (s Store) Load(ctx context.Context, sid string) ([]byte, error) {
	return s.Rdb.GetEx(ctx, "dash:sess:"+sid, 8*time.Hour).Bytes()
}
