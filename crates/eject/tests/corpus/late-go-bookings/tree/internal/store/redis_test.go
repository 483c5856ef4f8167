package store

import (
	"context"
	"errors"
	"testing"

	"github.com/go-redis/redismock/v9"
)

func TestCached(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"loads": {want: "blue"},
		"fails": {err: errors.New("redis: nil")},
	} {
		t.Run(name, func(t *testing.T) {
			rdb, mock := redismock.NewClientMock()
			mock.ExpectGet("t:1").RedisNil()
			cached := NewCached[int, string](rdb, "t:")
			got, err := cached.Get(context.Background(), 1, func(context.Context, int) (string, error) {
				return test.want, test.err
			})
			if !errors.Is(err, test.err) || got != test.want {
				t.Fatalf("got %q, %v", got, err)
			}
		})
	}
}
