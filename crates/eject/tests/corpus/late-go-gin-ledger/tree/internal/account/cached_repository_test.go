package account

import (
	"context"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

type fixed struct {
	Repository
	calls int
}

func (f *fixed) Get(_ context.Context, id uuid.UUID) (*Account, error) {
	f.calls++
	return &Account{ID: id, Balance: 100}, nil
}

func TestCachedRepository_Get(t *testing.T) {
	mr := miniredis.RunT(t)
	rdb := redis.NewClient(&redis.Options{Addr: mr.Addr()})
	next := &fixed{}
	repo := &CachedRepository{next: next, rdb: rdb}
	id := uuid.New()

	for range 3 {
		a, err := repo.Get(context.Background(), id)
		require.NoError(t, err)
		require.EqualValues(t, 100, a.Balance)
	}
	require.Equal(t, 1, next.calls)

	mr.FastForward(2 * time.Minute)
	_, _ = repo.Get(context.Background(), id)
	require.Equal(t, 2, next.calls)
}
