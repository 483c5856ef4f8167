// Package position still uses the client of 2021.
package position

import (
	"context"
	"fmt"
	"time"

	"github.com/go-redis/redis/v8"
)

// Fix is where a vehicle was.
type Fix struct {
	Vehicle  string  `json:"vehicle"`
	Lat, Lon float64 `json:",omitempty"`
	Speed    int     `json:"speed"`
}

// Store of the last ones.
type Store struct {
	rdb  *redis.Client
	keep time.Duration
}

// Open connects to another database than the sessions are in.
func Open(url string, keep time.Duration) (*Store, error) {
	opts, err := redis.ParseURL(url)
	if err != nil {
		return nil, err
	}
	opts.ReadTimeout = 500 * time.Millisecond
	return &Store{rdb: redis.NewClient(opts), keep: keep}, nil
}

// Put keeps it and tells whoever looks at the map.
func (s *Store) Put(ctx context.Context, f Fix) error {
	pipe := s.rdb.TxPipeline()
	pipe.GeoAdd(ctx, "fleet", &redis.GeoLocation{Name: f.Vehicle, Longitude: f.Lon, Latitude: f.Lat})
	pipe.XAdd(ctx, &redis.XAddArgs{
		Stream: "track:" + f.Vehicle,
		MaxLen: 10_000,
		Approx: true,
		Values: map[string]interface{}{"lat": f.Lat, "lon": f.Lon, "speed": f.Speed},
	})
	pipe.Expire(ctx, "track:"+f.Vehicle, s.keep)
	pipe.Publish(ctx, "map", fmt.Sprintf("%s %f %f", f.Vehicle, f.Lat, f.Lon))
	_, err := pipe.Exec(ctx)
	return err
}

// Near finds vehicles around a point.
func (s *Store) Near(ctx context.Context, lat, lon, km float64) ([]string, error) {
	return s.rdb.GeoSearch(ctx, "fleet", &redis.GeoSearchQuery{
		Longitude:  lon,
		Latitude:   lat,
		Radius:     km,
		RadiusUnit: "km",
	}).Result()
}

// Follow gives what is published until the context ends.
func (s *Store) Follow(ctx context.Context) <-chan *redis.Message {
	sub := s.rdb.Subscribe(ctx, "map")
	go func() {
		<-ctx.Done()
		_ = sub.Close()
	}()
	return sub.Channel(redis.WithChannelSize(500))
}
