package idempotency

import (
	"context"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

func TestBeginTwice(t *testing.T) {
	mr := miniredis.RunT(t)
	rdb := redis.NewClient(&redis.Options{Addr: mr.Addr()})
	s := New(rdb, func(p ...string) string { return strings.Join(p, ":") })

	_, err := s.Begin(context.Background(), "abc")
	require.NoError(t, err)
	_, err = s.Begin(context.Background(), "abc")
	require.ErrorIs(t, err, ErrInFlight)
	require.True(t, mr.Exists("idem:abc"))
}
