// Command rides answers the apps.
package main

import (
	"github.com/caarlos0/env/v11"
	"go.uber.org/fx"

	"github.com/hailme/rides/internal/config"
	"github.com/hailme/rides/internal/drivers"
	"github.com/hailme/rides/internal/drivers/geodb"
	"github.com/hailme/rides/internal/fares"
	"github.com/hailme/rides/internal/jobs"
	"github.com/hailme/rides/internal/matching"
	"github.com/hailme/rides/internal/postgres"
	"github.com/hailme/rides/internal/redisx"
	"github.com/hailme/rides/internal/server"
	"github.com/hailme/rides/internal/throttle"
)

func main() {
	c := env.Must(env.ParseAs[config.Config]())
	places := fx.Provide(fx.Annotate(geodb.New, fx.As(new(drivers.Store))))
	if c.Places == "memory" {
		places = fx.Provide(fx.Annotate(drivers.NewMemory, fx.As(new(drivers.Store))))
	}
	fx.New(
		fx.Supply(c),
		redisx.Module,
		places,
		fx.Provide(
			fx.Annotate(fares.New, fx.As(new(server.Pricer))),
			fx.Annotate(matching.New, fx.As(new(server.Claimer))),
			fx.Annotate(jobs.NewClient, fx.As(new(server.Notifier))),
			fx.Annotate(throttle.New, fx.As(new(server.Interceptor))),
			postgres.Open,
		),
		fx.Invoke(server.Run),
	).Run()
}
