package geodb

import (
	"context"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"github.com/hailme/rides/internal/config"
	"github.com/hailme/rides/internal/drivers"
)

func TestNear(t *testing.T) {
	server := miniredis.RunT(t)
	rdb := redis.NewUniversalClient(&redis.UniversalOptions{Addrs: []string{server.Addr()}})
	db := New(rdb, config.Config{PlaceTTL: time.Minute})
	ctx := context.Background()
	if err := db.Move(ctx, "ada", drivers.Point{Latitude: 52.52, Longitude: 13.40}); err != nil {
		t.Fatal(err)
	}
	names, err := db.Near(ctx, drivers.Point{Latitude: 52.51, Longitude: 13.41}, 5, 3)
	if err != nil || len(names) != 1 {
		t.Fatalf("%v %v", names, err)
	}
}
