package tasks

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/hibiken/asynq"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Handlers struct{ Pool *pgxpool.Pool }

func (h *Handlers) Mux() *asynq.ServeMux {
	mux := asynq.NewServeMux()
	mux.HandleFunc(TypeReceipt, h.receipt)
	mux.HandleFunc(TypeReconcile, h.reconcile)
	return mux
}

func (h *Handlers) receipt(ctx context.Context, t *asynq.Task) error {
	var p ReceiptPayload
	if err := json.Unmarshal(t.Payload(), &p); err != nil {
		return fmt.Errorf("receipt: %v: %w", err, asynq.SkipRetry)
	}
	slog.InfoContext(ctx, "receipt sent", "transfer", p.TransferID)
	return nil
}

func (h *Handlers) reconcile(ctx context.Context, _ *asynq.Task) error {
	var off int64
	if err := h.Pool.QueryRow(ctx, `select coalesce(sum(balance), 0) from accounts`).Scan(&off); err != nil {
		return err
	}
	if off != 0 {
		slog.ErrorContext(ctx, "ledger is off", "by", off)
	}
	return nil
}
