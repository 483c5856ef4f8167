// Package idempotency remembers which requests were made.
package idempotency

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

var (
	ErrInFlight = errors.New("a request with this key is in flight")
	ErrMismatch = errors.New("key was used with another body")
)

// begin: KEYS[1] the key, ARGV[1] the hash of the body, ARGV[2] milliseconds to live.
var begin = redis.NewScript(`
local seen = redis.call("HMGET", KEYS[1], "hash", "response")
if not seen[1] then
  redis.call("HSET", KEYS[1], "hash", ARGV[1])
  redis.call("PEXPIRE", KEYS[1], ARGV[2])
  return {0, ""}
end
if seen[1] ~= ARGV[1] then
  return {2, ""}
end
return {1, seen[2] or ""}
`)

type Store struct {
	rdb redis.UniversalClient
	ttl time.Duration
}

func NewStore(rdb redis.UniversalClient) *Store {
	return &Store{rdb: rdb, ttl: 24 * time.Hour}
}

// Begin gives the stored response if there is one.
func (s *Store) Begin(ctx context.Context, key, hash string) (string, error) {
	res, err := begin.Run(ctx, s.rdb, []string{"idem:" + key}, hash, s.ttl.Milliseconds()).Slice()
	if err != nil {
		return "", err
	}
	response, _ := res[1].(string)
	switch res[0].(int64) {
	case 1:
		if response == "" {
			return "", ErrInFlight
		}
		return response, nil
	case 2:
		return "", ErrMismatch
	}
	return "", nil
}

func (s *Store) Finish(ctx context.Context, key, response string) error {
	return s.rdb.HSet(ctx, "idem:"+key, "response", response).Err()
}

func (s *Store) Abort(ctx context.Context, key string) {
	s.rdb.Del(ctx, "idem:"+key)
}
