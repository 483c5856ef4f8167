// Package fx converts. The rates are in a Valkey of the treasury, which invalidates what we hold of them.
package fx

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/rueidis"
)

// Rates of the day.
type Rates struct{ c rueidis.Client }

// NewRates connects.
func NewRates(addr, password string) (*Rates, error) {
	c, err := rueidis.NewClient(rueidis.ClientOption{
		InitAddress:       []string{addr},
		Password:          password,
		CacheSizeEachConn: 8 << 20,
		SelectDB:          1,
	})
	if err != nil {
		return nil, err
	}
	return &Rates{c}, nil
}

// Close it.
func (r *Rates) Close() { r.c.Close() }

// ToEUR rounds down.
func (r *Rates) ToEUR(ctx context.Context, currency string, amount int64) (int64, error) {
	if currency == "EUR" {
		return amount, nil
	}
	cmd := r.c.B().Hget().Key("fx:rates").Field(currency).Cache()
	rate, err := r.c.DoCache(ctx, cmd, time.Minute).AsFloat64()
	if rueidis.IsRedisNil(err) {
		return 0, fmt.Errorf("no rate of %s", currency)
	}
	return int64(float64(amount) * rate), err
}
