//go:build e2e

package e2e

import (
	"context"
	"os"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/kestrelpay/payments/internal/platform/config"
	"github.com/kestrelpay/payments/internal/platform/redisx"
)

func TestLimitIsShared(t *testing.T) {
	rdb, err := redisx.Open(context.Background(), redisx.FromConfig(config.Redis{Addrs: []string{os.Getenv("REDIS_ADDRS")}}))
	require.NoError(t, err)
	require.NoError(t, rdb.FlushDB(context.Background()).Err())
	_, err = rdb.Get(context.Background(), rdb.Key("rl", "m1")).Result()
	require.ErrorIs(t, err, redis.Nil)
}
