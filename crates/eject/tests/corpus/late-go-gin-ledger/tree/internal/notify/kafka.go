package notify

import (
	"context"

	"github.com/segmentio/kafka-go"

	"github.com/northbeam/ledger/internal/config"
)

// Publisher writes domain events.
type Publisher struct{ w *kafka.Writer }

func NewPublisher(cfg *config.Config) *Publisher {
	return &Publisher{w: &kafka.Writer{
		Addr:     kafka.TCP(cfg.Kafka.Brokers...),
		Balancer: &kafka.Hash{},
	}}
}

func (p *Publisher) Publish(ctx context.Context, topic, key string) error {
	return p.w.WriteMessages(ctx, kafka.Message{Topic: topic, Key: []byte(key)})
}
