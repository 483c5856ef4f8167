// Package postgres keeps rides.
package postgres

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/hailme/rides/internal/config"
)

// Rides is the table.
type Rides struct{ pool *pgxpool.Pool }

// Open connects.
func Open(c config.Config) (*pgxpool.Pool, *Rides, error) {
	pool, err := pgxpool.New(context.Background(), c.DatabaseURL)
	return pool, &Rides{pool: pool}, err
}

// Insert writes one; redis_claim is what the lock was called.
func (r *Rides) Insert(ctx context.Context, passenger, driver string, cents int64) (id string, err error) {
	const q = `insert into rides (passenger, driver, cents, redis_claim) values ($1, $2, $3, 'claim:' || $2) returning id`
	err = r.pool.QueryRow(ctx, q, passenger, driver, cents).Scan(&id)
	return id, err
}
