package jobs

import (
	"context"

	"github.com/hibiken/asynq"
)

// TypeMail is a mail.
const TypeMail = "mail:send"

// HandleMail sends one.
func HandleMail(_ context.Context, task *asynq.Task) error { return nil }

// Enqueue puts one in the queue.
func Enqueue(client *asynq.Client, body []byte) error {
	_, err := client.Enqueue(asynq.NewTask(TypeMail, body), asynq.MaxRetry(5))
	return err
}
