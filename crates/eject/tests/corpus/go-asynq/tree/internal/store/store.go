// Package store opens what the rest of the shop shares.
package store

import (
	"os"

	"github.com/redis/go-redis/v9"
)

// Client is how the rest of the shop knows it.
type Client = redis.Client

// Open reads REDIS_URL.
func Open() *Client {
	options, err := redis.ParseURL(os.Getenv("REDIS_URL"))
	if err != nil {
		options = &redis.Options{Addr: "localhost:6379"}
	}
	return redis.NewClient(options)
}
