// Package server is the gRPC server.
package server

import (
	"context"
	"errors"
	"net"

	"go.uber.org/fx"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	ridesv1 "github.com/hailme/rides/gen/rides/v1"
	"github.com/hailme/rides/internal/config"
	"github.com/hailme/rides/internal/drivers"
	"github.com/hailme/rides/internal/postgres"
)

// Pricer says what a ride costs.
type Pricer interface {
	Price(ctx context.Context, city string, kilometres float64) (int64, error)
}

// Claimer makes a driver ours.
type Claimer interface {
	Claim(ctx context.Context, driver string, do func(context.Context) error) error
}

// Notifier is told of the end of a ride.
type Notifier interface{}

// Interceptor turns away.
type Interceptor interface {
	Unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error)
}

// Server is the service.
type Server struct {
	ridesv1.UnimplementedRidesServer
	places drivers.Store
	fares  Pricer
	claims Claimer
	rides  *postgres.Rides
}

// Request finds a driver.
func (s *Server) Request(ctx context.Context, req *ridesv1.RequestRide) (*ridesv1.Ride, error) {
	at := drivers.Point{Latitude: req.GetLatitude(), Longitude: req.GetLongitude()}
	names, err := s.places.Near(ctx, at, 5, 8)
	if errors.Is(err, drivers.ErrNobody) {
		return nil, status.Error(codes.NotFound, "nobody is near")
	} else if err != nil {
		return nil, status.Error(codes.Unavailable, "redis: "+err.Error())
	}
	for _, driver := range names {
		ride := &ridesv1.Ride{Driver: driver}
		err = s.claims.Claim(ctx, driver, func(ctx context.Context) error {
			if ride.Cents, err = s.fares.Price(ctx, "berlin", 4.2); err != nil {
				return err
			}
			ride.Id, err = s.rides.Insert(ctx, req.GetPassenger(), driver, ride.GetCents())
			return err
		})
		if err == nil {
			return ride, nil
		}
	}
	return nil, status.Error(codes.Aborted, "all are taken")
}

// Run serves until the end.
func Run(lc fx.Lifecycle, c config.Config, places drivers.Store, fares Pricer, claims Claimer, rides *postgres.Rides, throttle Interceptor) {
	g := grpc.NewServer(grpc.UnaryInterceptor(throttle.Unary))
	ridesv1.RegisterRidesServer(g, &Server{places: places, fares: fares, claims: claims, rides: rides})
	lc.Append(fx.StartStopHook(func() error {
		lis, err := net.Listen("tcp", c.GRPCAddr)
		if err != nil {
			return err
		}
		go func() { _ = g.Serve(lis) }()
		return nil
	}, g.GracefulStop))
}
