package transfer

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/northbeam/ledger/internal/account"
	"github.com/northbeam/ledger/internal/notify"
	"github.com/northbeam/ledger/internal/platform/redisx"
	"github.com/northbeam/ledger/internal/tasks"
)

// ErrBusy: somebody else books on the account.
var ErrBusy = redisx.ErrBusy

type Transfer struct {
	ID     uuid.UUID `json:"id"`
	From   uuid.UUID `json:"from"`
	To     uuid.UUID `json:"to"`
	Amount int64     `json:"amount"`
}

type Service struct {
	pool     *pgxpool.Pool
	accounts account.Repository
	locker   *redisx.Locker
	queue    *tasks.Enqueuer
	events   *notify.Publisher
}

func NewService(pool *pgxpool.Pool, accounts account.Repository, locker *redisx.Locker, queue *tasks.Enqueuer, events *notify.Publisher) *Service {
	return &Service{pool: pool, accounts: accounts, locker: locker, queue: queue, events: events}
}

// Execute books a transfer while nobody else touches the account it is from.
func (s *Service) Execute(ctx context.Context, t Transfer) error {
	err := s.locker.With(ctx, "acct:"+t.From.String(), 10*time.Second, func(ctx context.Context) error {
		return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
			for id, delta := range map[uuid.UUID]int64{t.From: -t.Amount, t.To: t.Amount} {
				if _, err := tx.Exec(ctx, `update accounts set balance = balance + $2 where id = $1`, id, delta); err != nil {
					return fmt.Errorf("book %s: %w", id, err)
				}
			}
			_, err := tx.Exec(ctx, `insert into transfers (id, src, dst, amount) values ($1, $2, $3, $4)`, t.ID, t.From, t.To, t.Amount)
			return err
		})
	})
	if err != nil {
		return err
	}
	if err := s.accounts.Forget(ctx, t.From, t.To); err != nil {
		return err
	}
	if err := s.queue.Receipt(ctx, t.ID); err != nil {
		return err
	}
	return s.events.Publish(ctx, "transfer.booked", t.ID.String())
}
