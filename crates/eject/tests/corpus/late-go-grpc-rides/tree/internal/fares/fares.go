// Package fares says what a ride costs.
package fares

import (
	"context"
	"fmt"
	"time"

	"github.com/dgraph-io/ristretto/v2"
	"github.com/go-redis/cache/v9"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"
)

// Fare is a price list of a city.
type Fare struct {
	BaseCents, KilometreCents int64
	Surge                     float64
}

// Fares reads them from PostgreSQL and keeps them.
type Fares struct {
	db     *pgxpool.Pool
	shared *cache.Cache
	cities *ristretto.Cache[string, int32]
}

// New makes it.
func New(db *pgxpool.Pool, rdb redis.UniversalClient) (*Fares, error) {
	cities, err := ristretto.NewCache(&ristretto.Config[string, int32]{NumCounters: 1e4, MaxCost: 1 << 16, BufferItems: 64})
	if err != nil {
		return nil, err
	}
	shared := cache.New(&cache.Options{Redis: rdb, LocalCache: cache.NewTinyLFU(500, 10*time.Second)})
	return &Fares{db: db, shared: shared, cities: cities}, nil
}

// Price is for so many kilometres.
func (f *Fares) Price(ctx context.Context, city string, kilometres float64) (int64, error) {
	var fare Fare
	err := f.shared.Once(&cache.Item{
		Ctx:   ctx,
		Key:   "fare:" + city,
		Value: &fare,
		TTL:   5 * time.Minute,
		Do: func(*cache.Item) (any, error) {
			return f.load(ctx, city)
		},
	})
	return int64(float64(fare.BaseCents)+float64(fare.KilometreCents)*kilometres*fare.Surge), err
}

// Changed is to be called when the list is another.
func (f *Fares) Changed(ctx context.Context, city string) error {
	f.cities.Del(city)
	return f.shared.Delete(ctx, "fare:"+city)
}

func (f *Fares) load(ctx context.Context, city string) (*Fare, error) {
	id, ok := f.cities.Get(city)
	if !ok {
		if err := f.db.QueryRow(ctx, "select id from cities where name = $1", city).Scan(&id); err != nil {
			return nil, fmt.Errorf("city %s: %w", city, err)
		}
		f.cities.Set(city, id, 1)
	}
	var fare Fare
	row := f.db.QueryRow(ctx, "select base_cents, kilometre_cents, surge from fares where city = $1", id)
	return &fare, row.Scan(&fare.BaseCents, &fare.KilometreCents, &fare.Surge)
}
