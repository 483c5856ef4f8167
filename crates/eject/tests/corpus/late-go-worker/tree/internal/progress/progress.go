// Package progress tells how far a job is.
package progress

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/rueidis"
)

// Bar is how far.
type Bar struct {
	client rueidis.Client
}

// Dial connects.
func Dial(addr string) (*Bar, error) {
	client, err := rueidis.NewClient(rueidis.ClientOption{
		InitAddress: []string{addr},
		ClientName:  "transcoder",
	})
	if err != nil {
		return nil, err
	}
	return &Bar{client: client}, nil
}

// Set stores it and tells who listens.
func (b *Bar) Set(ctx context.Context, video string, percent int) error {
	cmds := rueidis.Commands{
		b.client.B().Set().Key("progress:" + video).Value(strconv.Itoa(percent)).Ex(time.Hour).Build(),
		b.client.B().Publish().Channel("progress").Message(video).Build(),
	}
	for _, resp := range b.client.DoMulti(ctx, cmds...) {
		if err := resp.Error(); err != nil {
			return err
		}
	}
	return nil
}

// Get reads it, from memory if it can.
func (b *Bar) Get(ctx context.Context, video string) (int64, error) {
	return b.client.DoCache(ctx, b.client.B().Get().Key("progress:"+video).Cache(), time.Minute).AsInt64()
}

// Close ends it.
func (b *Bar) Close() { b.client.Close() }
