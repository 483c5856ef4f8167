package session

import (
	"context"
	"time"

	"example.com/shop/internal/store"
)

// Sessions keeps who is logged in.
type Sessions struct{ rdb *store.Client }

// New makes them.
func New(rdb *store.Client) *Sessions { return &Sessions{rdb: rdb} }

// User is who a session belongs to.
func (s *Sessions) User(ctx context.Context, id string) (string, error) {
	return s.rdb.Get(ctx, "session:"+id).Result()
}

// Begin stores one.
func (s *Sessions) Begin(ctx context.Context, id, user string) error {
	return s.rdb.Set(ctx, "session:"+id, user, 24*time.Hour).Err()
}
