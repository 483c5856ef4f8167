// Package jobs are receipts and messages to telephones.
package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hibiken/asynq"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/hailme/rides/internal/config"
)

// The types.
const (
	TypeReceipt = "ride:receipt"
	TypePush    = "ride:push"
)

// Ride is what a job is about.
type Ride struct {
	ID    string `json:"id"`
	Phone string `json:"phone"`
	Cents int64  `json:"cents"`
}

// Client puts jobs into the queue.
type Client struct {
	queue *asynq.Client
}

// NewClient connects.
func NewClient(c config.Config) (*Client, error) {
	opt, err := asynq.ParseRedisURI(c.QueueURI)
	if err != nil {
		return nil, err
	}
	return &Client{queue: asynq.NewClient(opt)}, nil
}

// Finished tells the passenger at once and sends the receipt later.
func (c *Client) Finished(ctx context.Context, ride Ride) error {
	body, err := json.Marshal(ride)
	if err != nil {
		return err
	}
	if _, err := c.queue.EnqueueContext(ctx, asynq.NewTask(TypePush, body), asynq.Queue("push")); err != nil {
		return err
	}
	receipt := asynq.NewTask(TypeReceipt, body, asynq.MaxRetry(8), asynq.TaskID(ride.ID))
	_, err = c.queue.EnqueueContext(ctx, receipt, asynq.Queue("receipts"), asynq.ProcessIn(10*time.Minute))
	return err
}

// Receipts writes them.
type Receipts struct{ DB *pgxpool.Pool }

// ProcessTask is for the mux.
func (r Receipts) ProcessTask(ctx context.Context, task *asynq.Task) error {
	var ride Ride
	if err := json.Unmarshal(task.Payload(), &ride); err != nil {
		return fmt.Errorf("%w: %w", err, asynq.SkipRetry)
	}
	_, err := r.DB.Exec(ctx, "insert into receipts (ride, cents) values ($1, $2) on conflict do nothing", ride.ID, ride.Cents)
	return err
}

// Push sends a message.
func Push(context.Context, *asynq.Task) error { return nil }
