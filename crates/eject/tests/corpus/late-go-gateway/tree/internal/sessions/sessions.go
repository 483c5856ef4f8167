// Package sessions knows who is logged in.
package sessions

import (
	"context"
	_ "embed"
	"time"

	"github.com/redis/go-redis/v9"
)

//go:embed touch.lua
var touchSource string

var touch = redis.NewScript(touchSource)

// Sessions are in hashes.
type Sessions struct {
	rdb redis.UniversalClient
	ttl time.Duration
}

// New makes them.
func New(rdb redis.UniversalClient) *Sessions { return &Sessions{rdb: rdb, ttl: 30 * time.Minute} }

// Begin stores a session.
func (s *Sessions) Begin(ctx context.Context, id string, claims map[string]any) error {
	pipe := s.rdb.Pipeline()
	pipe.HSet(ctx, "session:"+id, claims)
	pipe.Expire(ctx, "session:"+id, s.ttl)
	_, err := pipe.Exec(ctx)
	return err
}

// User is who a session belongs to; the session lives longer for it.
func (s *Sessions) User(ctx context.Context, id string) (string, error) {
	return touch.Run(ctx, s.rdb, []string{"session:" + id}, int(s.ttl.Seconds())).Text()
}

// End forgets one.
func (s *Sessions) End(ctx context.Context, id string) error {
	return s.rdb.Unlink(ctx, "session:"+id).Err()
}
