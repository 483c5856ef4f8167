package notify

import (
	"context"
	"log/slog"

	"github.com/kestrelpay/payments/internal/platform/redisx"
)

// Hub tells merchants that listen what happened to a payment.
type Hub struct{ rdb *redisx.Client }

// NewHub over the shared client.
func NewHub(rdb *redisx.Client) *Hub { return &Hub{rdb} }

// Tell who listens now; nobody is told later.
func (h *Hub) Tell(ctx context.Context, merchant, payment string) {
	if err := h.rdb.Publish(ctx, h.rdb.Key("ev", merchant), payment).Err(); err != nil {
		slog.WarnContext(ctx, "publish", "err", err)
	}
}

// Listen until ctx ends.
func (h *Hub) Listen(ctx context.Context, merchant string) <-chan string {
	out := make(chan string)
	sub := h.rdb.Subscribe(ctx, h.rdb.Key("ev", merchant))
	go func() {
		defer close(out)
		defer sub.Close()
		for {
			msg, err := sub.ReceiveMessage(ctx)
			if err != nil {
				return
			}
			out <- msg.Payload
		}
	}()
	return out
}
