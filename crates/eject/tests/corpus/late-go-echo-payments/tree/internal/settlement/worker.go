package settlement

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/hibiken/asynq"

	"github.com/kestrelpay/payments/internal/dunning"
	"github.com/kestrelpay/payments/internal/platform/config"
)

// Run works until it is told to stop.
func Run(c config.Redis, concurrency int, reminders *dunning.Reminders) error {
	periodic := asynq.NewScheduler(connOpt(c), &asynq.SchedulerOpts{})
	if _, err := periodic.Register("30 3 * * *", asynq.NewTask(typePayout, nil), asynq.MaxRetry(2)); err != nil {
		return err
	}
	go func() {
		if err := periodic.Run(); err != nil {
			slog.Error("scheduler", "err", err)
		}
	}()
	mux := asynq.NewServeMux()
	mux.HandleFunc(typeCapture, func(ctx context.Context, t *asynq.Task) error {
		var job Capture
		if err := json.Unmarshal(t.Payload(), &job); err != nil {
			return asynq.SkipRetry
		}
		if err := capture(ctx, job); err != nil {
			return reminders.Remind(job.Merchant, job.Payment)
		}
		return nil
	})
	mux.HandleFunc(typePayout, func(context.Context, *asynq.Task) error { return nil })
	return asynq.NewServer(connOpt(c), asynq.Config{Concurrency: concurrency}).Run(mux)
}

func capture(context.Context, Capture) error { return nil }
