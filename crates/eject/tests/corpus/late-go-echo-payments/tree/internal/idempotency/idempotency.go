// Package idempotency answers a request that was sent twice with what the first was answered.
package idempotency

import (
	"context"
	"errors"
	"time"
)

// ErrInFlight is for the second of two at the same time.
var ErrInFlight = errors.New("idempotency: request in flight")

// Response that was given.
type Response struct {
	Status int    `json:"s"`
	Body   []byte `json:"b"`
}

// Store of responses.
type Store interface {
	Begin(ctx context.Context, key string) (*Response, error)
	Finish(ctx context.Context, key string, r Response) error
	Abandon(ctx context.Context, key string) error
}

const keep = 24 * time.Hour
