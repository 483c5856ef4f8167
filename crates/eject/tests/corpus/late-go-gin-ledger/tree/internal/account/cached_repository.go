package account

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
)

const ttl = 90 * time.Second

// CachedRepository reads through Redis.
type CachedRepository struct {
	next Repository
	rdb  redis.Cmdable
}

func NewCachedRepository(next *PostgresRepository, rdb redis.UniversalClient) *CachedRepository {
	return &CachedRepository{next: next, rdb: rdb}
}

func key(id uuid.UUID) string { return "acct:{" + id.String() + "}" }

func (r *CachedRepository) Get(ctx context.Context, id uuid.UUID) (*Account, error) {
	raw, err := r.rdb.Get(ctx, key(id)).Bytes()
	switch {
	case err == nil:
		var a Account
		if json.Unmarshal(raw, &a) == nil {
			return &a, nil
		}
	case !errors.Is(err, redis.Nil):
		// A cache that is down must not stop reads.
		return r.next.Get(ctx, id)
	}

	a, err := r.next.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if raw, err = json.Marshal(a); err == nil {
		r.rdb.Set(ctx, key(id), raw, ttl+rand.N(10*time.Second))
	}
	return a, nil
}

// GetMany asks for all at once; the keys are in several slots, thus a pipeline and no MGET.
func (r *CachedRepository) GetMany(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*Account, error) {
	cmds, err := r.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, id := range ids {
			p.Get(ctx, key(id))
		}
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return r.next.GetMany(ctx, ids)
	}

	out := make(map[uuid.UUID]*Account, len(ids))
	for i, cmd := range cmds {
		raw, err := cmd.(*redis.StringCmd).Bytes()
		if err != nil {
			if out[ids[i]], err = r.Get(ctx, ids[i]); err != nil {
				return nil, err
			}
			continue
		}
		var a Account
		if err := json.Unmarshal(raw, &a); err != nil {
			return nil, err
		}
		out[ids[i]] = &a
	}
	return out, nil
}

func (r *CachedRepository) Forget(ctx context.Context, ids ...uuid.UUID) error {
	for _, id := range ids {
		if err := r.rdb.Unlink(ctx, key(id)).Err(); err != nil {
			return err
		}
	}
	return nil
}
