package kv

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// ErrNoToken is for one that was used, or never given.
var ErrNoToken = errors.New("no such token")

// Tokens of devices; each is good for one refresh.
type Tokens struct {
	RDB redis.UniversalClient
	TTL time.Duration
}

// Issue gives a new one.
func (t Tokens) Issue(ctx context.Context, device string) (string, error) {
	raw := make([]byte, 24)
	_, _ = rand.Read(raw)
	token := base64.RawURLEncoding.EncodeToString(raw)
	_, err := t.RDB.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.Set(ctx, "refresh:"+token, device, t.TTL)
		p.SAdd(ctx, "refresh:of:"+device, token)
		return nil
	})
	return token, err
}

// Use spends one.
func (t Tokens) Use(ctx context.Context, token string) (string, error) {
	device, err := t.RDB.GetDel(ctx, "refresh:"+token).Result()
	if errors.Is(err, redis.Nil) {
		return "", ErrNoToken
	}
	return device, err
}
