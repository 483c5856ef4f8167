// Package mailer queues on PostgreSQL.
package mailer

import (
	"context"

	"github.com/riverqueue/river"
)

// Args is a mail.
type Args struct{ To string }

// Kind is its name.
func (Args) Kind() string { return "mail" }

// Worker sends it.
type Worker struct{ river.WorkerDefaults[Args] }

// Enqueue puts a mail into the queue.
func Enqueue(ctx context.Context, client *river.Client[any], to string) error {
	_, err := client.Insert(ctx, Args{To: to}, nil)
	return err
}
