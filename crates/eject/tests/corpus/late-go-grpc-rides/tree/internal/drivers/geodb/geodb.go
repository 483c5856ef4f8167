// Package geodb keeps places in a geographical set.
package geodb

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/hailme/rides/internal/config"
	"github.com/hailme/rides/internal/drivers"
)

const (
	places = "drivers:places"
	seen   = "drivers:seen"
)

// DB is a drivers.Store.
type DB struct {
	rdb redis.UniversalClient
	ttl time.Duration
	now func() time.Time
}

// New makes one.
func New(rdb redis.UniversalClient, c config.Config) *DB {
	return &DB{rdb: rdb, ttl: c.PlaceTTL, now: time.Now}
}

// Move sets a place and tells who follows the driver.
func (d *DB) Move(ctx context.Context, driver string, to drivers.Point) error {
	pipe := d.rdb.TxPipeline()
	pipe.GeoAdd(ctx, places, &redis.GeoLocation{Name: driver, Latitude: to.Latitude, Longitude: to.Longitude})
	pipe.ZAdd(ctx, seen, redis.Z{Score: float64(d.now().Unix()), Member: driver})
	pipe.Publish(ctx, "driver:"+driver, strconv.FormatFloat(to.Latitude, 'f', 6, 64))
	_, err := pipe.Exec(ctx)
	return err
}

// Near is who is not further than so many kilometres and was seen of late.
func (d *DB) Near(ctx context.Context, at drivers.Point, kilometres float64, count int) ([]string, error) {
	if err := d.sweep(ctx); err != nil {
		return nil, err
	}
	names, err := d.rdb.GeoSearch(ctx, places, &redis.GeoSearchQuery{
		Latitude:   at.Latitude,
		Longitude:  at.Longitude,
		Radius:     kilometres,
		RadiusUnit: "km",
		Sort:       "ASC",
		Count:      count,
	}).Result()
	if err == nil && len(names) == 0 {
		return nil, drivers.ErrNobody
	}
	return names, err
}

// Leave forgets a driver.
func (d *DB) Leave(ctx context.Context, driver string) error {
	_, err := d.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.ZRem(ctx, places, driver)
		return p.ZRem(ctx, seen, driver).Err()
	})
	return err
}

func (d *DB) sweep(ctx context.Context) error {
	until := strconv.FormatInt(d.now().Add(-d.ttl).Unix(), 10)
	gone, err := d.rdb.ZRangeByScore(ctx, seen, &redis.ZRangeBy{Min: "-inf", Max: until, Count: 500}).Result()
	if err != nil {
		return err
	}
	for _, driver := range gone {
		if err := d.Leave(ctx, driver); err != nil {
			return err
		}
	}
	return nil
}
