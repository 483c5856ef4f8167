package idempotency

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

const inFlight = "-"

// commander is as much of a client as is needed here.
type commander interface {
	redis.Scripter
	SetNX(ctx context.Context, key string, value interface{}, ttl time.Duration) *redis.BoolCmd
	Get(ctx context.Context, key string) *redis.StringCmd
}

var abandon = redis.NewScript(`
if redis.call("GET", KEYS[1]) == ARGV[1] then
	return redis.call("DEL", KEYS[1])
end
return 0`)

type store struct {
	c   commander
	key func(...string) string
}

// New keeps them in c.
func New(c commander, key func(...string) string) Store { return &store{c: c, key: key} }

func (s *store) Begin(ctx context.Context, id string) (*Response, error) {
	k := s.key("idem", id)
	fresh, err := s.c.SetNX(ctx, k, inFlight, time.Minute).Result()
	if err != nil || fresh {
		return nil, err
	}
	raw, err := s.c.Get(ctx, k).Bytes()
	switch {
	case errors.Is(err, redis.Nil):
		return nil, ErrInFlight
	case err != nil:
		return nil, err
	case string(raw) == inFlight:
		return nil, ErrInFlight
	}
	var r Response
	return &r, json.Unmarshal(raw, &r)
}

func (s *store) Finish(ctx context.Context, id string, r Response) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return s.c.(redis.Cmdable).Set(ctx, s.key("idem", id), raw, keep).Err()
}

func (s *store) Abandon(ctx context.Context, id string) error {
	return abandon.Run(ctx, s.c, []string{s.key("idem", id)}, inFlight).Err()
}
