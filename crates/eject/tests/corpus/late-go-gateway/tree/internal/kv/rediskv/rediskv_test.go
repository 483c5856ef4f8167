package rediskv_test

import (
	"context"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/northwind/gateway/internal/kv/rediskv"
)

func TestSet(t *testing.T) {
	server := miniredis.RunT(t)
	rdb := redis.NewClient(&redis.Options{Addr: server.Addr()})
	store := rediskv.New(rdb, rediskv.WithPrefix("t:"))
	require.NoError(t, store.Set(context.Background(), "a", []byte("b"), time.Minute))
	server.FastForward(2 * time.Minute)
	require.False(t, server.Exists("t:a"))
}
