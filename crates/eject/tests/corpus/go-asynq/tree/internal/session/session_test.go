package session

import (
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

func TestUser(t *testing.T) {
	server := miniredis.RunT(t)
	New(redis.NewClient(&redis.Options{Addr: server.Addr()}))
}
