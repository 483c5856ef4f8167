package kv

import (
	"context"
	"time"

	"github.com/redis/rueidis"
)

// Client is a store, and the client for whoever needs more than a store.
type Client struct {
	rueidis.Client
	o Options
}

var _ Store = (*Client)(nil)

// Dial connects.
func Dial(opts ...Option) (*Client, error) {
	o := Options{addrs: []string{"localhost:6379"}, localTTL: time.Minute}
	for _, opt := range opts {
		opt(&o)
	}
	c, err := rueidis.NewClient(rueidis.ClientOption{
		InitAddress:  o.addrs,
		Password:     o.password,
		ShuffleInit:  true,
		DisableRetry: false,
	})
	if err != nil {
		return nil, err
	}
	return &Client{Client: c, o: o}, nil
}

// Get asks the client-side cache first.
func (c *Client) Get(ctx context.Context, key string) (string, error) {
	v, err := c.DoCache(ctx, c.B().Get().Key(c.o.prefix+key).Cache(), c.o.localTTL).ToString()
	if rueidis.IsRedisNil(err) {
		return "", ErrMissing
	}
	return v, err
}

// Set writes.
func (c *Client) Set(ctx context.Context, key, value string, ttl time.Duration) error {
	return c.Do(ctx, c.B().Set().Key(c.o.prefix+key).Value(value).Px(ttl).Build()).Error()
}

// Del removes them in one round trip.
func (c *Client) Del(ctx context.Context, keys ...string) error {
	cmds := make(rueidis.Commands, 0, len(keys))
	for _, key := range keys {
		cmds = append(cmds, c.B().Unlink().Key(c.o.prefix+key).Build())
	}
	for _, r := range c.DoMulti(ctx, cmds...) {
		if err := r.Error(); err != nil {
			return err
		}
	}
	return nil
}
