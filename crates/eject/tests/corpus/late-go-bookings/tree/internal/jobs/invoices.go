package jobs

import (
	"context"

	"github.com/redis/go-redis/v9"
	"github.com/vmihailenco/taskq/v3"
	"github.com/vmihailenco/taskq/v3/redisq"
)

var invoice = taskq.RegisterTask(&taskq.TaskOptions{
	Name:    "invoice",
	Handler: func(booking string) error { return nil },
})

// Invoices are written later.
type Invoices struct{ queue taskq.Queue }

// NewInvoices makes the queue.
func NewInvoices(rdb *redis.Client) *Invoices {
	factory := redisq.NewFactory()
	queue := factory.RegisterQueue(&taskq.QueueOptions{Name: "invoices", Redis: rdb})
	return &Invoices{queue: queue}
}

// Write puts one there.
func (i *Invoices) Write(ctx context.Context, booking string) error {
	queue := i.queue
	return queue.Add(invoice.WithArgs(ctx, booking))
}
