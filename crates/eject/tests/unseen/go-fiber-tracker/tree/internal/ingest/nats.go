package ingest

import (
	"context"
	"encoding/json"

	"github.com/nats-io/nats.go"

	"gitlab.example.com/fleet/tracker/internal/position"
)

// Subscribe hands over what the gateways publish.
func Subscribe(nc *nats.Conn, positions *position.Store) (*nats.Subscription, error) {
	return nc.QueueSubscribe("fix.*", "ingest", func(m *nats.Msg) {
		var f position.Fix
		if json.Unmarshal(m.Data, &f) == nil && positions.Put(context.Background(), f) == nil {
			_ = m.Ack()
		}
	})
}
