// Package config is what the environment says.
package config

import "time"

// Config is for all binaries.
type Config struct {
	GRPCAddr      string        `env:"GRPC_ADDR" envDefault:":9090"`
	DatabaseURL   string        `env:"DATABASE_URL,required"`
	RedisAddrs    []string      `env:"REDIS_ADDRS" envDefault:"localhost:6379" envSeparator:","`
	RedisPassword string        `env:"REDIS_PASSWORD,unset"`
	QueueURI      string        `env:"QUEUE_REDIS_URI" envDefault:"redis://localhost:6379/1"`
	Places        string        `env:"PLACES" envDefault:"shared"`
	PlaceTTL      time.Duration `env:"PLACE_TTL" envDefault:"1m"`
	Workers       int           `env:"WORKERS" envDefault:"12"`
}
