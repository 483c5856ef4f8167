package ledger

import (
	"context"
	"errors"
	"time"

	"github.com/bsm/redislock"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/kestrelpay/payments/internal/platform/redisx"
)

// Server of ledger.v1.
type Server struct {
	db    *pgxpool.Pool
	locks *redislock.Client
	rdb   *redisx.Client
}

// NewServer books into db.
func NewServer(db *pgxpool.Pool, rdb *redisx.Client) *Server {
	return &Server{db: db, rdb: rdb, locks: redislock.New(rdb)}
}

// Register it.
func Register(s grpc.ServiceRegistrar, srv *Server) { s.RegisterService(&desc, srv) }

// Entry to book.
type Entry struct {
	Account string
	Cents   int64
}

// Post books one; an account is booked by one process at a time.
func (s *Server) Post(ctx context.Context, e *Entry) (*Entry, error) {
	lock, err := s.locks.Obtain(ctx, s.rdb.Key("lock", "account", e.Account), 10*time.Second, &redislock.Options{
		RetryStrategy: redislock.LimitRetry(redislock.LinearBackoff(50*time.Millisecond), 20),
	})
	if errors.Is(err, redislock.ErrNotObtained) {
		return nil, status.Error(codes.Aborted, "account is busy")
	}
	if err != nil {
		return nil, err
	}
	defer lock.Release(context.WithoutCancel(ctx))

	tx, err := s.db.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, `update accounts set cents = cents + $2 where id = $1`, e.Account, e.Cents); err != nil {
		return nil, err
	}
	if err := lock.Refresh(ctx, 10*time.Second, nil); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `insert into outbox (topic, body) values ('ledger.posted', to_jsonb($1::text))`, e.Account); err != nil {
		return nil, err
	}
	if err := tx.Commit(ctx); err != nil {
		return nil, err
	}
	s.rdb.HDel(ctx, s.rdb.Key("balances"), e.Account)
	return e, nil
}

// Balance is read through.
func (s *Server) Balance(ctx context.Context, account string) (int64, error) {
	if cents, err := s.rdb.HGet(ctx, s.rdb.Key("balances"), account).Int64(); err == nil {
		return cents, nil
	}
	var cents int64
	if err := s.db.QueryRow(ctx, `select cents from accounts where id = $1`, account).Scan(&cents); err != nil {
		return 0, err
	}
	s.rdb.HSet(ctx, s.rdb.Key("balances"), account, cents)
	return cents, nil
}

var desc = grpc.ServiceDesc{ServiceName: "ledger.v1.Ledger", HandlerType: (*any)(nil)}
