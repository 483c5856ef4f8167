// Command gateway is the gateway.
package main

import (
	"os"

	"go.uber.org/fx"

	"github.com/northwind/gateway/internal/app"
	"github.com/northwind/gateway/internal/config"
)

func main() {
	path := os.Getenv("GATEWAY_CONFIG")
	fx.New(fx.Provide(func() (*config.Config, error) { return config.Load(path) }), app.Module).Run()
}
