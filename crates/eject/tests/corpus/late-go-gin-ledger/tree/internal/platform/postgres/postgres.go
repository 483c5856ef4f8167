package postgres

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/northbeam/ledger/internal/config"
)

func NewPool(cfg *config.Config) (*pgxpool.Pool, func(), error) {
	pc, err := pgxpool.ParseConfig(cfg.Postgres.DSN)
	if err != nil {
		return nil, nil, err
	}
	pc.MaxConns = cfg.Postgres.MaxConns
	pool, err := pgxpool.NewWithConfig(context.Background(), pc)
	if err != nil {
		return nil, nil, err
	}
	return pool, pool.Close, nil
}
