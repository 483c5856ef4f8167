package main

import (
	"context"
	"log"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"github.com/kestrelpay/payments/internal/ledger"
	"github.com/kestrelpay/payments/internal/platform/config"
	"github.com/kestrelpay/payments/internal/platform/pg"
	"github.com/kestrelpay/payments/internal/platform/redisx"
)

func main() {
	var cfg config.Ledger
	config.MustParse(&cfg)
	ctx := context.Background()

	rdb, err := redisx.Open(ctx, redisx.FromConfig(cfg.Redis), redisx.WithName("ledgerd"), redisx.WithDB(2))
	if err != nil {
		log.Fatal(err)
	}
	lis, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		log.Fatal(err)
	}
	s := grpc.NewServer()
	ledger.Register(s, ledger.NewServer(pg.MustOpen(ctx, cfg.DatabaseURL), rdb))
	hs := health.NewServer()
	healthpb.RegisterHealthServer(s, hs)
	hs.SetServingStatus("ledger.v1.Ledger", healthpb.HealthCheckResponse_SERVING)
	log.Fatal(s.Serve(lis))
}
