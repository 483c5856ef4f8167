package stats

import (
	"context"
	"time"

	"github.com/redis/rueidis"
	"github.com/redis/rueidis/rueidiscompat"
)

// Stats are counted in a hash.
type Stats struct {
	client rueidis.Client
	compat rueidiscompat.Cmdable
}

// Open connects with a cache on this side.
func Open(addr string) (*Stats, error) {
	client, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{addr}})
	if err != nil {
		return nil, err
	}
	return &Stats{client: client, compat: rueidiscompat.NewAdapter(client)}, nil
}

// Count adds one.
func (s *Stats) Count(ctx context.Context, room string) {
	s.compat.HIncrBy(ctx, "stats", room, 1)
}

// Of is how often.
func (s *Stats) Of(ctx context.Context, room string) (int64, error) {
	return s.client.DoCache(ctx, s.client.B().Hget().Key("stats").Field(room).Cache(), time.Minute).AsInt64()
}
