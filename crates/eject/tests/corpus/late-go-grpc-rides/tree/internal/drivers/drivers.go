// Package drivers knows where the drivers are.
package drivers

import (
	"context"
	"errors"
)

// ErrNobody is when no driver is near.
var ErrNobody = errors.New("nobody is near")

//go:generate mockgen -destination mocks/store.go -package mocks . Store

// Point is a place on earth.
type Point struct{ Latitude, Longitude float64 }

// Store keeps places. With more than one server it has to be the one on Redis.
type Store interface {
	Move(ctx context.Context, driver string, to Point) error
	Near(ctx context.Context, at Point, kilometres float64, count int) ([]string, error)
	Leave(ctx context.Context, driver string) error
}
