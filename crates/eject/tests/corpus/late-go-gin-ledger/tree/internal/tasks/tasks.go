package tasks

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"

	"github.com/northbeam/ledger/internal/config"
)

const (
	TypeReceipt   = "receipt:send"
	TypeReconcile = "ledger:reconcile"
)

type ReceiptPayload struct {
	TransferID uuid.UUID `json:"transfer_id"`
}

// Enqueuer is what the API needs.
type Enqueuer struct{ client *asynq.Client }

func NewEnqueuer(cfg *config.Config) (*Enqueuer, func(), error) {
	opt, err := asynq.ParseRedisURI(cfg.Asynq.URI)
	if err != nil {
		return nil, nil, fmt.Errorf("asynq: %w", err)
	}
	client := asynq.NewClient(opt)
	return &Enqueuer{client: client}, func() { _ = client.Close() }, nil
}

func (e *Enqueuer) Receipt(ctx context.Context, id uuid.UUID) error {
	payload, err := json.Marshal(ReceiptPayload{TransferID: id})
	if err != nil {
		return err
	}
	_, err = e.client.EnqueueContext(ctx, asynq.NewTask(TypeReceipt, payload), asynq.Queue("critical"), asynq.MaxRetry(10))
	return err
}
