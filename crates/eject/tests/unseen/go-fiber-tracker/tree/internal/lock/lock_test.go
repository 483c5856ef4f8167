package lock

import (
	"context"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

func TestWith(t *testing.T) {
	server := miniredis.RunT(t)
	l := New(redis.NewClient(&redis.Options{Addr: server.Addr()}))
	err := l.With(context.Background(), "x", func() error {
		if !server.Exists("lock:x") {
			t.Error("not locked")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
