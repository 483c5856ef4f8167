// Package dedupe knows which uploads were seen.
package dedupe

import (
	"os"
	"time"

	"github.com/gomodule/redigo/redis"
)

// NewPool makes a pool.
func NewPool() *redis.Pool {
	return &redis.Pool{
		MaxIdle:     3,
		IdleTimeout: 240 * time.Second,
		Dial: func() (redis.Conn, error) {
			return redis.DialURL(os.Getenv("DEDUPE_REDIS_URL"), redis.DialConnectTimeout(time.Second))
		},
		TestOnBorrow: func(c redis.Conn, _ time.Time) error {
			_, err := c.Do("PING")
			return err
		},
	}
}

// Seen marks an upload and says whether it was marked.
func Seen(pool *redis.Pool, digest string) (bool, error) {
	conn := pool.Get()
	defer conn.Close()
	reply, err := redis.String(conn.Do("SET", "seen:"+digest, 1, "NX", "EX", 86400))
	if err == redis.ErrNil {
		return true, nil
	}
	return reply != "OK", err
}
