package settlement

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hibiken/asynq"

	"github.com/kestrelpay/payments/internal/platform/config"
)

const (
	typeCapture = "settlement:capture"
	typePayout  = "settlement:payout"
)

// Capture what was authorised.
type Capture struct{ Payment, Merchant string }

func connOpt(c config.Redis) asynq.RedisConnOpt {
	if len(c.Addrs) > 1 {
		return asynq.RedisClusterClientOpt{Addrs: c.Addrs, Password: c.Password}
	}
	return asynq.RedisClientOpt{Addr: c.Addrs[0], Password: c.Password, DB: 3}
}

// Producer of jobs.
type Producer struct{ client *asynq.Client }

// NewProducer connects when it is first used.
func NewProducer(c config.Redis) *Producer {
	return &Producer{client: asynq.NewClient(connOpt(c))}
}

// Enqueue it; a payment is captured once.
func (p *Producer) Enqueue(ctx context.Context, c Capture) error {
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = p.client.EnqueueContext(ctx, asynq.NewTask(typeCapture, body), asynq.TaskID(c.Payment), asynq.Retention(48*time.Hour))
	return err
}
