package account

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
)

var ErrNotFound = errors.New("account not found")

type Account struct {
	ID        uuid.UUID `json:"id"`
	Owner     string    `json:"owner"`
	Currency  string    `json:"currency"`
	Balance   int64     `json:"balance"`
	UpdatedAt time.Time `json:"updated_at"`
}

//go:generate mockgen -source=repository.go -destination=mock_repository.go -package=account

// Repository knows accounts. See PostgresRepository and CachedRepository.
type Repository interface {
	Get(ctx context.Context, id uuid.UUID) (*Account, error)
	GetMany(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*Account, error)
	Forget(ctx context.Context, ids ...uuid.UUID) error
}
