package account

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type PostgresRepository struct{ pool *pgxpool.Pool }

func NewPostgresRepository(pool *pgxpool.Pool) *PostgresRepository { return &PostgresRepository{pool: pool} }

func (r *PostgresRepository) Get(ctx context.Context, id uuid.UUID) (*Account, error) {
	var a Account
	err := r.pool.QueryRow(ctx, `select id, owner, currency, balance, updated_at from accounts where id = $1`, id).
		Scan(&a.ID, &a.Owner, &a.Currency, &a.Balance, &a.UpdatedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrNotFound
	}
	return &a, err
}

func (r *PostgresRepository) GetMany(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*Account, error) {
	out := make(map[uuid.UUID]*Account, len(ids))
	for _, id := range ids {
		a, err := r.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		out[id] = a
	}
	return out, nil
}

func (r *PostgresRepository) Forget(context.Context, ...uuid.UUID) error { return nil }
