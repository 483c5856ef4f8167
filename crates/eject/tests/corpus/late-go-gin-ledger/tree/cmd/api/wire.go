//go:build wireinject

package main

import (
	"github.com/gin-gonic/gin"
	"github.com/google/wire"

	"github.com/northbeam/ledger/internal/account"
	"github.com/northbeam/ledger/internal/config"
	"github.com/northbeam/ledger/internal/idempotency"
	"github.com/northbeam/ledger/internal/notify"
	"github.com/northbeam/ledger/internal/platform/postgres"
	"github.com/northbeam/ledger/internal/platform/redisx"
	"github.com/northbeam/ledger/internal/rates"
	"github.com/northbeam/ledger/internal/server"
	"github.com/northbeam/ledger/internal/tasks"
	"github.com/northbeam/ledger/internal/transfer"
)

func initialize(cfg *config.Config) (*gin.Engine, func(), error) {
	panic(wire.Build(
		postgres.NewPool,
		redisx.ProviderSet,
		account.NewPostgresRepository,
		account.NewCachedRepository,
		wire.Bind(new(account.Repository), new(*account.CachedRepository)),
		tasks.NewEnqueuer,
		notify.NewPublisher,
		transfer.NewService,
		idempotency.NewStore,
		rates.New,
		server.ProviderSet,
	))
}
