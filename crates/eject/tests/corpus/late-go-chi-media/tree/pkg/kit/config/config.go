// Package config reads the environment.
package config

import (
	"time"

	"github.com/caarlos0/env/v11"
)

// Config is what every service needs.
type Config struct {
	Listen      string        `env:"LISTEN" envDefault:":8080"`
	DatabaseURL string        `env:"DATABASE_URL,required"`
	RedisAddrs  []string      `env:"REDIS_ADDRS" envDefault:"localhost:6379" envSeparator:","`
	RedisPass   string        `env:"REDIS_PASSWORD,unset"`
	CacheTTL    time.Duration `env:"CACHE_TTL" envDefault:"5m"`
	Topic       string        `env:"PUBSUB_TOPIC" envDefault:"media-events"`
}

// Load panics where a variable lacks.
func Load() Config { return env.Must(env.ParseAs[Config]()) }
