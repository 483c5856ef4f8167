// Package risk is of 2019 and came with its own client.
package risk

import (
	"time"

	"github.com/gomodule/redigo/redis"
)

const perDay = 500_000

// Velocity counts what a card spends.
type Velocity struct{ pool *redis.Pool }

// NewVelocity dials when it is first asked.
func NewVelocity(url string) *Velocity {
	return &Velocity{pool: &redis.Pool{
		MaxIdle:     8,
		MaxActive:   64,
		IdleTimeout: 4 * time.Minute,
		Dial: func() (redis.Conn, error) {
			return redis.DialURL(url, redis.DialConnectTimeout(time.Second))
		},
	}}
}

// Spend is false when it is too much.
func (v *Velocity) Spend(card string, amount int64) (bool, error) {
	conn := v.pool.Get()
	defer conn.Close()

	key := "velocity:" + card + ":" + time.Now().UTC().Format("20060102")
	conn.Send("MULTI")
	conn.Send("INCRBY", key, amount)
	conn.Send("EXPIRE", key, 86400*2)
	reply, err := redis.Values(conn.Do("EXEC"))
	if err != nil {
		return false, err
	}
	spent, err := redis.Int64(reply[0], nil)
	return spent <= perDay, err
}
