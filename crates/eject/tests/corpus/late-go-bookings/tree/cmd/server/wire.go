//go:build wireinject

package main

import (
	"github.com/google/wire"

	"example.com/bookings/internal/config"
	"example.com/bookings/internal/jobs"
	"example.com/bookings/internal/rooms"
	"example.com/bookings/internal/store"
)

func initialize() (*App, func(), error) {
	wire.Build(
		config.Load,
		openDatabase,
		store.NewRedis,
		jobs.NewPool,
		jobs.NewEnqueuer,
		jobs.NewInvoices,
		rooms.New,
		wire.Struct(new(App), "*"),
	)
	return nil, nil, nil
}
